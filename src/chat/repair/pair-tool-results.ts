import type { ToolCall, ToolMessage } from '../model.ts'
import { callLocation, hasRole } from './location.ts'
import type { CallLocation, LocatedMessage, RepairWarning } from './location.ts'

export interface Pairing {
  /** The result of each call that has one, by the call's location. */
  results: ReadonlyMap<CallLocation, LocatedMessage<ToolMessage>>
  /** Indexes of the results that belong to no call. */
  orphans: ReadonlySet<number>
  warnings: readonly RepairWarning[]
}

/** The calls and results read so far. Calls are found by the client's ids. */
interface PairingState {
  /** Messages with calls that have no result yet, oldest first. */
  open: Map<string, OpenMessage[]>
  /** The location of the call that got the latest result, by id. */
  answered: Map<string, CallLocation>
  results: Map<CallLocation, LocatedMessage<ToolMessage>>
  orphans: Set<number>
}

interface OpenMessage {
  index: number
  positions: number[]
  /** How many of the positions have a result: counting is O(1), unlike removing the first one. */
  answered: number
}

/**
 * Finds the call of each result by its id: among the calls before it, in the latest message first,
 * within a message in order. The last of several results of one call wins.
 */
export function pairToolResults(messages: readonly LocatedMessage[]): Pairing {
  const state: PairingState = {
    open: new Map(),
    answered: new Map(),
    results: new Map(),
    orphans: new Set(),
  }
  let before: number | undefined
  const warnings = messages.flatMap((located): readonly RepairWarning[] => {
    if (hasRole(located, 'tool')) return addResult(state, located, before)
    if (hasRole(located, 'assistant')) addCalls(state, located.index, located.message.toolCalls)
    before = located.index
    return []
  })
  return { ...state, warnings }
}

function addCalls({ open }: PairingState, index: number, calls: readonly ToolCall[]): void {
  for (const [position, { id }] of calls.entries()) {
    const openMessages = open.get(id) ?? []
    if (openMessages.length === 0) open.set(id, openMessages)
    const last = openMessages.at(-1)
    if (last?.index === index) last.positions.push(position)
    else openMessages.push({ index, positions: [position], answered: 0 })
  }
}

/** `before` is the index of the message before the group of results that this one is in. */
function addResult(
  { open, answered, results, orphans }: PairingState,
  result: LocatedMessage<ToolMessage>,
  before: number | undefined,
): readonly RepairWarning[] {
  const { index, message: { toolCallId } } = result
  const found = takeOpenCall(open.get(toolCallId))
  const location = found ? callLocation(found.index, found.position) : answered.get(toolCallId)
  if (location === undefined) {
    orphans.add(index)
    return [{ index, text: 'tool result without a call, sent as user text' }]
  }
  const earlier = results.get(location)
  results.set(location, result)
  answered.set(toolCallId, location)
  if (earlier) {
    return [{ index: earlier.index, text: 'tool result left out, since its call has a later one' }]
  }
  return found?.index === before ? [] : [{ index, text: 'tool result moved after its call' }]
}

function takeOpenCall(
  messages: OpenMessage[] = [],
): { index: number; position: number } | undefined {
  const last = messages.at(-1)
  if (last === undefined) return undefined
  const { index, positions } = last
  const position = positions[last.answered++]
  if (last.answered >= positions.length) messages.pop()
  return position === undefined ? undefined : { index, position }
}
