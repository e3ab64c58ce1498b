import type { AssistantMessage, MediaPart, Message, Part, ToolCall, ToolMessage } from '../model.ts'
import { checkCalls } from './call-limits.ts'
import { mapInSteps, type Steps } from '../../steps.ts'
import { repairArguments } from './arguments.ts'
import { chooseCallIds } from './ids.ts'
import type { Pairing } from './pair-tool-results.ts'
import { callLocation, hasRole } from './location.ts'
import type { CallLocation, LocatedMessage, RepairWarning } from './location.ts'

const INTERRUPTED = '[no result: call was interrupted]'
const NO_OUTPUT = '(no output)'
const MEDIA_IN_NEXT_MESSAGE = '(output in the next message)'

interface Block {
  messages: readonly Message[]
  warnings: readonly RepairWarning[]
}

/** Puts each result directly after its call, and the media of a message's results after them. */
export function* orderToolResults(
  kept: readonly LocatedMessage[],
  { results, orphans }: Pairing,
): Steps<Block> {
  const ids = chooseCallIds(kept)
  yield
  const blocks = yield* mapInSteps(kept, (located): Block => {
    if (hasRole(located, 'tool')) {
      return {
        messages: orphans.has(located.index) ? [toUserText(located.message)] : [],
        warnings: [],
      }
    }
    return hasRole(located, 'assistant') && located.message.toolCalls.length > 0
      ? placeResults(located, results, ids)
      : { messages: [located.message], warnings: [] }
  })
  return {
    messages: blocks.flatMap(({ messages }) => messages),
    warnings: blocks.flatMap(({ warnings }) => warnings),
  }
}

function placeResults(
  { index, message }: LocatedMessage<AssistantMessage>,
  results: Pairing['results'],
  ids: ReadonlyMap<CallLocation, string>,
): Block {
  checkCalls(message, index)
  const calls = message.toolCalls.map((call, position) => {
    const location = callLocation(index, position)
    const result = results.get(location)?.message
    return { ...repairCall(call, ids.get(location) ?? call.id, position), position, result }
  })
  const media = calls.flatMap(({ result }) => result?.content.filter(isMedia) ?? [])
  const warnings = calls.flatMap(({ warning, result, position }) => [
    ...(warning === undefined ? [] : [warning]),
    ...(result ? [] : [`call ${position + 1} has no result, sent as interrupted`]),
  ])
  return {
    messages: [
      { ...message, toolCalls: calls.map(({ call }) => call) },
      ...calls.map(({ call, result }) => toResult(call.id, result)),
      ...(media.length > 0 ? [{ role: 'user' as const, content: media, name: undefined }] : []),
    ],
    warnings: warnings.map((text) => ({ index, text })),
  }
}

function repairCall(call: ToolCall, id: string, position: number) {
  const json = repairArguments(call.arguments)
  return {
    call: { ...call, id, arguments: json ?? '{}' },
    warning: json === undefined
      ? `arguments of call ${position + 1} are not JSON, sent as {}`
      : undefined,
  }
}

function toResult(toolCallId: string, result: ToolMessage | undefined): ToolMessage {
  if (result === undefined) return { role: 'tool', toolCallId, content: [text(INTERRUPTED)] }
  const texts = result.content.filter((part) => !isMedia(part))
  const placeholder = result.content.length > 0 ? MEDIA_IN_NEXT_MESSAGE : NO_OUTPUT
  return { role: 'tool', toolCallId, content: texts.length > 0 ? texts : [text(placeholder)] }
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

function text(content: string): Part {
  return { type: 'text', text: content }
}
