import { ApiError } from '../../errors.ts'
import type { SseMessage } from '../../sse/decode.ts'
import { asObject, asText } from '../foreign-json.ts'
import type { WireChoice } from './wire.ts'

/** What a stream tells: `unknown` is JSON that means nothing to us. */
export type StreamEvent =
  | { type: 'choices'; choices: readonly WireChoice[]; usage: unknown; serviceTier: string }
  | { type: 'error'; json: unknown }
  | { type: 'unreadable'; error: ApiError }
  | { type: 'unknown' }
  | { type: 'done' }

/** Nearly always a choice by itself; the wrappers are those of whole answers. */
interface WireEvent extends WireChoice {
  chatResponse?: unknown
  choices?: unknown
  error?: unknown
}

/**
 * Reads one server-sent event. Lines that a single line feed holds together are events of their
 * own when they can only be read alone.
 */
export function readMessage({ event, data }: SseMessage): readonly StreamEvent[] {
  if (event === 'ping') return []
  if (event === 'error') return [{ type: 'error', json: tryParse(data) ?? { message: data } }]
  const whole = readData(data)
  if (whole.type !== 'unreadable' || !data.includes('\n')) return [whole]
  return data.split('\n').filter((line) => line.trim() !== '').map(readData)
}

function readData(data: string): StreamEvent {
  const json = tryParse(data)
  if (json !== undefined) return readEvent(json)
  return data.trim() === '[DONE]' ? { type: 'done' } : { type: 'unreadable', error: unreadable() }
}

/** `undefined`, which no JSON stands for, when it is not JSON. */
function tryParse(data: string): unknown {
  try {
    return JSON.parse(data)
  } catch {
    return undefined
  }
}

function unreadable(): ApiError {
  return new ApiError(
    'upstream_invalid_response',
    'Cannot read the stream: an event is not JSON',
  )
}

function readEvent(json: unknown): StreamEvent {
  const outer: WireEvent = asObject(json)
  const event: WireEvent = outer.chatResponse ? asObject(outer.chatResponse) : outer
  const choices = choicesOf(event)
  if (choices.length === 0 && isError(event)) return { type: 'error', json }
  const last = choices.at(-1)
  const usage = event.usage ?? last?.usage
  const serviceTier = asText(event.serviceTier) || asText(last?.serviceTier)
  if (choices.length === 0 && !usage && serviceTier === '') return { type: 'unknown' }
  return { type: 'choices', choices, usage, serviceTier: serviceTier.toLowerCase() }
}

function choicesOf(event: WireEvent): readonly WireChoice[] {
  if (Array.isArray(event.choices)) return event.choices.map(asObject)
  const { message, finishReason } = event
  const isChoice = (typeof message === 'object' && message) || asText(finishReason)
  return isChoice ? [event] : []
}

/** A choice's message is an object, an error's is text. */
function isError({ error, message, errorMessage }: WireEvent): boolean {
  return Boolean(error || asText(message) || asText(errorMessage))
}
