import type { ChatEvent } from '../../chat/events.ts'
import type { StreamEncoder } from '../../chat/stream-encoder.ts'
import { ApiError } from '../../errors.ts'

/** The JSON of a request, before its validation. */
type RequestJson = Readonly<Record<string, unknown>>

/** Whether a request offers tools by OpenAI's older `functions`, without any in `tools`. */
export function usesFunctions({ functions, tools }: RequestJson): boolean {
  return !isEmpty(functions) && isEmpty(tools)
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0)
}

/** Replaces the older `functions` and `function_call` by `tools` and `tool_choice`. */
export function withTools(body: RequestJson): RequestJson {
  const { functions, function_call: choice, ...rest } = body
  return {
    ...rest,
    tools: Array.isArray(functions)
      ? functions.map((definition: unknown) => ({ type: 'function', function: definition }))
      : functions,
    ...((choice ?? undefined) !== undefined && { tool_choice: toToolChoice(choice) }),
    // A message has one `function_call`.
    parallel_tool_calls: false,
  }
}

/** Returns an error about the replaced members with the names that the client sent. */
export function withFunctionNames(thrown: unknown): unknown {
  if (!(thrown instanceof ApiError)) return thrown
  const { code, param } = thrown
  const message = functionNames(thrown.message)
  return new ApiError(code, message, { ...thrown, param: param && functionNames(param) })
}

function functionNames(text: string): string {
  return text.replace(/\btools(\[\d+\])\.function\b/g, 'functions$1')
    .replace(/\btools\b/g, 'functions')
    .replace(/\btool_choice(?:\.function)?\b/g, 'function_call')
}

function toToolChoice(choice: unknown): unknown {
  return typeof choice === 'object' ? { type: 'function', function: choice } : choice
}

/** Replaces `tool_calls` in a completion by the first call, as `function_call`. */
export function withFunctionCalls(completion: object): object {
  const { choices } = completion as { choices?: unknown }
  return { ...completion, choices: Array.isArray(choices) ? choices.map(toFunctionCall) : choices }
}

interface WireMessage {
  tool_calls?: readonly { index?: number; function?: { name?: string; arguments?: string } }[]
}

interface WireChoice {
  message?: WireMessage
  delta?: WireMessage
  finish_reason?: string | null
}

function toFunctionCall({ message, delta, ...choice }: WireChoice): object {
  return {
    ...choice,
    ...(message && { message: inMessage(message) }),
    ...(delta && { delta: inMessage(delta) }),
    finish_reason: choice.finish_reason === 'tool_calls' ? 'function_call' : choice.finish_reason,
  }
}

function inMessage({ tool_calls: calls, ...message }: WireMessage): object {
  const [call] = calls ?? []
  return call && !call.index ? { ...message, function_call: call.function } : message
}

/** Wraps an encoder of chunks, so that calls are written as `function_call`. */
export function functionCallEncoder(encoder: StreamEncoder): StreamEncoder {
  return {
    start: () => encoder.start(),
    encode: (events) => events.map((event) => encodeEvent(event, encoder)).join(''),
    end: () => encoder.end(),
    fail: (error) => encoder.fail(error),
    heartbeat: () => encoder.heartbeat(),
  }
}

function encodeEvent(event: ChatEvent, encoder: StreamEncoder): string {
  const text = encoder.encode([event])
  switch (event.type) {
    case 'tool-call-start':
    case 'tool-call-delta':
    case 'finish':
      return text.split('\n').map(rewriteLine).join('\n')
    default:
      return text
  }
}

const DATA = 'data: {'

function rewriteLine(line: string): string {
  if (!line.startsWith(DATA)) return line
  return `data: ${JSON.stringify(withFunctionCalls(JSON.parse(line.slice(DATA.length - 1))))}`
}
