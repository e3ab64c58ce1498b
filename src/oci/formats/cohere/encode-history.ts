import type { AssistantMessage, Message, Part, ToolCall, ToolMessage } from '../../../chat/model.ts'
import { ApiError } from '../../../errors.ts'
import { isDeeper } from '../../../json-depth.ts'
import { MAX_JSON_DEPTH } from '../../../limits.ts'
import type { EncodeOptions } from '../format.ts'
import { asList } from '../../json.ts'
import { isRecord } from '../schema/keywords.ts'
import type {
  ChatBotTurn,
  CohereChatRequest,
  CohereToolCall,
  CohereToolResult,
  CohereTurn,
} from './wire.ts'

/** The format has no turn without text. */
const BLANK = ' '
/** Files are told apart from the message they came with. */
const ONLY_FILES = '(see the documents)'

type Conversation = Pick<CohereChatRequest, 'message' | 'chatHistory' | 'toolResults'>

/**
 * A mended conversation as the format splits it: what was said before, and what the model is to
 * answer, which is the user's last message or the results of the tools it called last.
 */
export function encodeHistory(
  messages: readonly Message[],
  model: string,
  names: EncodeOptions['names'],
): Conversation {
  const spoken = messages.filter(({ role }) => role !== 'system' && role !== 'developer')
  const turns = encodeTurns(spoken, names)
  const history = withAnswers(turns)
  const last = history.at(-1)
  if (!spoken.some(({ role }) => role === 'user') || last === undefined) {
    throw unanswerable(model, 'there is no message of the user')
  }
  const before = history.slice(0, -1)
  const chatHistory = before.length > 0 ? before : undefined
  switch (last.role) {
    case 'USER':
      return { message: last.message, chatHistory, toolResults: undefined }
    case 'TOOL':
      return { message: '', chatHistory, toolResults: last.toolResults }
    case 'CHATBOT':
      throw unanswerable(model, "the last message is the assistant's")
  }
}

function encodeTurns(
  messages: readonly Message[],
  names: EncodeOptions['names'],
): readonly CohereTurn[] {
  let calls: ReadonlyMap<string, CohereToolCall> = new Map()
  let results: CohereToolResult[] = []
  return messages.flatMap((message, index): readonly CohereTurn[] => {
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
        // The results of one round are one turn: the first makes it, the others are added to it.
        const isFirst = messages[index - 1]?.role !== 'tool'
        if (isFirst) results = []
        results.push(...encodeResult(message, calls))
        return isFirst ? [{ role: 'TOOL', toolResults: results }] : []
      }
    }
  })
}

/** The model speaks before the user does again: what it did not say is a blank. */
function withAnswers(turns: readonly CohereTurn[]): readonly CohereTurn[] {
  const silence: ChatBotTurn = { role: 'CHATBOT', message: BLANK, toolCalls: undefined }
  return turns.flatMap((turn, index) => {
    const isHasty = turn.role === 'USER' && turns[index - 1]?.role === 'TOOL'
    return isHasty ? [silence, turn] : [turn]
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

/** Parameters are an object; mended arguments may still be a list or a number. */
function encodeCall(
  { name, arguments: json }: ToolCall,
  { location }: AssistantMessage,
  names: EncodeOptions['names'],
): CohereToolCall {
  if (isDeeper(json, MAX_JSON_DEPTH)) throw tooDeep(name, location)
  const value = parse(json)
  const parameters = isRecord(value) ? value : value === undefined ? {} : { arguments: value }
  return { name: names.encode(name), parameters }
}

/** A mended conversation has no result without its call. */
function encodeResult(
  { toolCallId, content }: ToolMessage,
  calls: ReadonlyMap<string, CohereToolCall>,
): readonly CohereToolResult[] {
  const call = calls.get(toolCallId)
  return call ? [{ call, outputs: encodeOutputs(textOf(content)) }] : []
}

/** Objects as they are, since an output is one; everything else is told as text. */
function encodeOutputs(text: string): CohereToolResult['outputs'] {
  const isText = hasLongNumber(text) || isDeeper(text, MAX_JSON_DEPTH)
  const value = isText ? undefined : parse(text)
  if (isRecord(value)) return [value]
  const items = asList(value)
  if (items.length > 0 && items.every(isRecord)) return items
  return [{ output: text || '(no output)' }]
}

/** Digits that a JavaScript number would not bring back: such an output is better told as text. */
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

/** `undefined`, which no JSON stands for, when it is not JSON. */
function parse(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

/** The texts among the parts, a line each. */
export function textOf(parts: readonly Part[]): string {
  return parts
    .flatMap((part) => part.type === 'text' && part.text !== '' ? [part.text.toWellFormed()] : [])
    .join('\n')
}

function unanswerable(model: string, state: string): ApiError {
  return new ApiError(
    'invalid_request',
    `Cannot ask "${model}": it answers the user or the tools it called, and ${state}`,
    { param: 'messages' },
  )
}
