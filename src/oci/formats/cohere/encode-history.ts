import { isJsonObject } from '../../../json-object.ts'
import type { AssistantMessage, Message, Part, ToolCall, ToolMessage } from '../../../chat/model.ts'
import { ApiError } from '../../../errors.ts'
import { isDeeper } from '../../../json-depth.ts'
import { MAX_JSON_DEPTH } from '../../../limits.ts'
import { mapInSteps, type Steps } from '../../../steps.ts'
import type { EncodeOptions } from '../format.ts'
import { asList } from '../../json.ts'
import type {
  ChatBotTurn,
  CohereChatRequest,
  CohereToolCall,
  CohereToolResult,
  CohereTurn,
} from './wire.ts'

/** The format requires text in every turn. */
const BLANK = ' '
/** The text of a message that contains only files, which are sent as documents. */
const ONLY_FILES = '(see the documents)'

/** What the model answers, and what was before it. */
export type Conversation = Pick<CohereChatRequest, 'message' | 'chatHistory' | 'toolResults'>

/**
 * Splits a repaired conversation, which ends with the user or with tool results, into the history and
 * what the model answers: the last message, or the results of the last calls.
 */
export function* encodeHistory(
  messages: readonly Message[],
  names: EncodeOptions['names'],
): Steps<Conversation> {
  const conversation = messages.filter(({ role }) => role !== 'system' && role !== 'developer')
  const history = withReplies(yield* encodeTurns(conversation, names))
  const last = history.at(-1)
  const before = history.slice(0, -1)
  const chatHistory = before.length > 0 ? before : undefined
  return last?.role === 'TOOL'
    ? { message: '', chatHistory, toolResults: last.toolResults }
    : { message: last?.message ?? '', chatHistory, toolResults: undefined }
}

function* encodeTurns(
  messages: readonly Message[],
  names: EncodeOptions['names'],
): Steps<readonly CohereTurn[]> {
  let calls: ReadonlyMap<string, CohereToolCall> = new Map()
  let results: CohereToolResult[] = []
  const turns = yield* mapInSteps(messages, (message, index): readonly CohereTurn[] => {
    switch (message.role) {
      case 'system':
      case 'developer':
        return []
      case 'user':
        return [{ role: 'USER', message: textOf(message.content) || ONLY_FILES }]
      case 'assistant':
        calls = new Map(
          message.toolCalls.map((call) => [call.id, encodeCall(call, message, names)]),
        )
        return [encodeAssistant(message, [...calls.values()])]
      case 'tool': {
        // Consecutive results form one turn: the first creates it, the others are added.
        const isFirst = messages[index - 1]?.role !== 'tool'
        if (isFirst) results = []
        results.push(...encodeResult(message, calls))
        return isFirst ? [{ role: 'TOOL', toolResults: results }] : []
      }
    }
  })
  return turns.flat()
}

/** The format requires a model turn between tool results and the next user message. */
function withReplies(turns: readonly CohereTurn[]): readonly CohereTurn[] {
  const blank: ChatBotTurn = { role: 'CHATBOT', message: BLANK, toolCalls: undefined }
  return turns.flatMap((turn, index) => {
    const lacksReply = turn.role === 'USER' && turns[index - 1]?.role === 'TOOL'
    return lacksReply ? [blank, turn] : [turn]
  })
}

function encodeAssistant(
  { content, refusal }: AssistantMessage,
  toolCalls: readonly CohereToolCall[],
): ChatBotTurn {
  const text = [textOf(content), refusal?.toWellFormed()].filter(Boolean).join('\n')
  return {
    role: 'CHATBOT',
    message: text || BLANK,
    toolCalls: toolCalls.length > 0 ? toolCalls : undefined,
  }
}

/** Parameters are an object; repaired arguments may still be a list or a number. */
function encodeCall(
  { name, arguments: json }: ToolCall,
  { location }: AssistantMessage,
  names: EncodeOptions['names'],
): CohereToolCall {
  if (isDeeper(json, MAX_JSON_DEPTH)) throw tooDeep(name, location)
  const value = parse(json)
  const parameters = isJsonObject(value) ? value : value === undefined ? {} : { arguments: value }
  return { name: names.encode(name), parameters }
}

/** A repaired conversation has no result without its call. */
function encodeResult(
  { toolCallId, content }: ToolMessage,
  calls: ReadonlyMap<string, CohereToolCall>,
): readonly CohereToolResult[] {
  const call = calls.get(toolCallId)
  return call ? [{ call, outputs: encodeOutputs(textOf(content)) }] : []
}

/** An output is an object; anything that is not JSON objects is sent as text in one. */
function encodeOutputs(text: string): CohereToolResult['outputs'] {
  const isText = hasLongNumber(text) || isDeeper(text, MAX_JSON_DEPTH)
  const value = isText ? undefined : parse(text)
  if (isJsonObject(value)) return [value]
  const items = asList(value)
  if (items.length > 0 && items.every(isJsonObject)) return items
  return [{ output: text || '(no output)' }]
}

/** Whether the text has more digits than a JavaScript number preserves: it is then sent as text. */
function hasLongNumber(text: string): boolean {
  return /\d{16}/.test(text)
}

function tooDeep(name: string, place: string | undefined): ApiError {
  return new ApiError(
    'invalid_request',
    `The arguments of a call of "${
      name.slice(0, 64)
    }" must be nested at most ${MAX_JSON_DEPTH} levels deep`,
    { param: place ?? 'messages' },
  )
}

/** `undefined`, which is no JSON value, when the text is not JSON. */
function parse(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

/** The texts of the parts, one per line. */
export function textOf(parts: readonly Part[]): string {
  return parts
    .flatMap((part) => part.type === 'text' && part.text !== '' ? [part.text.toWellFormed()] : [])
    .join('\n')
}
