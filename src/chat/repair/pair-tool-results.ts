import type { ToolCall, ToolMessage } from '../model.ts'
import { callLocation, hasRole } from './location.ts'
import type { CallLocation, LocatedMessage, Note } from './location.ts'

export interface Pairing {
  /** The result of each call that has one. */
  results: ReadonlyMap<CallLocation, LocatedMessage<ToolMessage>>
  /** Indexes of the results that answer no call. */
  orphans: ReadonlySet<number>
  notes: readonly Note[]
}

/** What is known so far of calls, by the ids the client gave them, and of results. */
interface Ledger {
  /** Turns with calls that wait for a result, oldest first. */
  open: Map<string, OpenTurn[]>
  /** The call that was answered last. */
  answered: Map<string, CallLocation>
  results: Map<CallLocation, LocatedMessage<ToolMessage>>
  orphans: Set<number>
}

interface OpenTurn {
  index: number
  positions: number[]
  /** How many of the positions have a result: counting is O(1), unlike removing the first one. */
  answered: number
}

/**
 * Finds the call of each result: by its id among the calls before it, the latest turn first, and
 * within a turn in order. Of several results of one call the last one counts.
 */
export function pairToolResults(messages: readonly LocatedMessage[]): Pairing {
  const ledger: Ledger = {
    open: new Map(),
    answered: new Map(),
    results: new Map(),
    orphans: new Set(),
  }
  let turn: number | undefined
  const notes = messages.flatMap((placed): readonly Note[] => {
    if (hasRole(placed, 'tool')) return enterResult(ledger, placed, turn)
    if (hasRole(placed, 'assistant')) enterCalls(ledger, placed.index, placed.message.toolCalls)
    turn = placed.index
    return []
  })
  return { ...ledger, notes }
}

function enterCalls({ open }: Ledger, index: number, calls: readonly ToolCall[]): void {
  for (const [position, { id }] of calls.entries()) {
    const turns = open.get(id) ?? []
    if (turns.length === 0) open.set(id, turns)
    const last = turns.at(-1)
    if (last?.index === index) last.positions.push(position)
    else turns.push({ index, positions: [position], answered: 0 })
  }
}

/** `turn` is the message in front of the results this one stands among. */
function enterResult(
  { open, answered, results, orphans }: Ledger,
  result: LocatedMessage<ToolMessage>,
  turn: number | undefined,
): readonly Note[] {
  const { index, message: { toolCallId } } = result
  const found = takeOpenCall(open.get(toolCallId))
  const place = found ? callLocation(found.index, found.position) : answered.get(toolCallId)
  if (place === undefined) {
    orphans.add(index)
    return [{ index, text: 'tool result without a call, sent as user text' }]
  }
  const earlier = results.get(place)
  results.set(place, result)
  answered.set(toolCallId, place)
  if (earlier) {
    return [{ index: earlier.index, text: 'tool result left out, since its call has a later one' }]
  }
  return found?.index === turn ? [] : [{ index, text: 'tool result moved behind its call' }]
}

function takeOpenCall(turns: OpenTurn[] = []): { index: number; position: number } | undefined {
  const last = turns.at(-1)
  if (last === undefined) return undefined
  const { index, positions } = last
  const position = positions[last.answered++]
  if (last.answered >= positions.length) turns.pop()
  return position === undefined ? undefined : { index, position }
}
