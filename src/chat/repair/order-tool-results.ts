import type { AssistantMessage, MediaPart, Message, Part, ToolCall, ToolMessage } from '../model.ts'
import { repairArguments } from './arguments.ts'
import { chooseCallIds } from './ids.ts'
import type { Pairing } from './pair-tool-results.ts'
import { callLocation, hasRole } from './location.ts'
import type { CallLocation, LocatedMessage, Note } from './location.ts'

const INTERRUPTED = '[no result: call was interrupted]'
const NO_OUTPUT = '(no output)'
const MEDIA_FOLLOWS = '(output in the next message)'

interface Block {
  messages: readonly Message[]
  notes: readonly Note[]
}

/** The conversation with each result right behind its call, and what it shows behind them all. */
export function orderToolResults(
  kept: readonly LocatedMessage[],
  { results, orphans }: Pairing,
): Block {
  const ids = chooseCallIds(kept)
  const blocks = kept.map((placed): Block => {
    if (hasRole(placed, 'tool')) {
      return { messages: orphans.has(placed.index) ? [toUserText(placed.message)] : [], notes: [] }
    }
    return hasRole(placed, 'assistant') && placed.message.toolCalls.length > 0
      ? layOutTurn(placed, results, ids)
      : { messages: [placed.message], notes: [] }
  })
  return {
    messages: blocks.flatMap(({ messages }) => messages),
    notes: blocks.flatMap(({ notes }) => notes),
  }
}

function layOutTurn(
  { index, message }: LocatedMessage<AssistantMessage>,
  results: Pairing['results'],
  ids: ReadonlyMap<CallLocation, string>,
): Block {
  const calls = message.toolCalls.map((call, position) => {
    const place = callLocation(index, position)
    const result = results.get(place)?.message
    return { ...mendCall(call, ids.get(place) ?? call.id, position), position, result }
  })
  const media = calls.flatMap(({ result }) => result?.content.filter(isMedia) ?? [])
  const notes = calls.flatMap(({ note, result, position }) => [
    ...(note === undefined ? [] : [note]),
    ...(result ? [] : [`call ${position + 1} has no result, sent as interrupted`]),
  ])
  return {
    messages: [
      { ...message, toolCalls: calls.map(({ call }) => call) },
      ...calls.map(({ call, result }) => toResult(call.id, result)),
      ...(media.length > 0 ? [{ role: 'user' as const, content: media, name: undefined }] : []),
    ],
    notes: notes.map((text) => ({ index, text })),
  }
}

function mendCall(call: ToolCall, id: string, position: number) {
  const json = repairArguments(call.arguments)
  return {
    call: { ...call, id, arguments: json ?? '{}' },
    note: json === undefined
      ? `arguments of call ${position + 1} are not JSON, sent as {}`
      : undefined,
  }
}

function toResult(toolCallId: string, result: ToolMessage | undefined): ToolMessage {
  if (result === undefined) return { role: 'tool', toolCallId, content: [text(INTERRUPTED)] }
  const texts = result.content.filter((part) => !isMedia(part))
  const stand = result.content.length > 0 ? MEDIA_FOLLOWS : NO_OUTPUT
  return { role: 'tool', toolCallId, content: texts.length > 0 ? texts : [text(stand)] }
}

function toUserText({ content }: ToolMessage): Message {
  const [first, ...rest] = content.length > 0 ? content : [text(NO_OUTPUT)]
  const marked = first?.type === 'text'
    ? [text(`[tool result] ${first.text}`), ...rest]
    : [text('[tool result]'), ...content]
  return { role: 'user', content: marked, name: undefined }
}

function isMedia(part: Part): part is MediaPart {
  return part.type !== 'text'
}

function text(words: string): Part {
  return { type: 'text', text: words }
}
