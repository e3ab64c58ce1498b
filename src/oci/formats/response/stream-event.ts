import { ApiError } from '../../../errors.ts'
import type { SseMessage } from '../../../sse/decode.ts'
import { asText, isTooDeep, tooDeep } from '../../json.ts'

/** What a stream tells: `unknown` is JSON that means nothing to us. */
export type StreamEvent<Piece> =
  | {
    type: 'choices'
    choices: readonly Piece[]
    usage: unknown
    serviceTier: string
    /** Nothing of the answer follows. */
    isLast?: true
  }
  | { type: 'error'; json: unknown }
  | { type: 'unreadable'; error: ApiError }
  | { type: 'unknown' }
  | { type: 'done' }

/**
 * Reads one server-sent event. Lines that a single line feed holds together are events of their
 * own when they can only be read alone.
 */
export function readMessage<Piece>(
  { event, data }: SseMessage,
  readEvent: (json: unknown) => StreamEvent<Piece>,
): readonly StreamEvent<Piece>[] {
  if (event === 'ping') return []
  if (event === 'error') return [{ type: 'error', json: tryParse(data) ?? { message: data } }]
  const whole = readData(data, readEvent)
  if (whole.type !== 'unreadable' || !data.includes('\n')) return [whole]
  const lines = data.split('\n').filter((line) => line.trim() !== '')
  return lines.map((line) => readData(line, readEvent))
}

function readData<Piece>(
  data: string,
  readEvent: (json: unknown) => StreamEvent<Piece>,
): StreamEvent<Piece> {
  const json = tryParse(data)
  if (json !== undefined) return readEvent(json)
  return data.trim() === '[DONE]'
    ? { type: 'done' }
    : { type: 'unreadable', error: unreadable(data) }
}

/** `undefined`, which no JSON stands for, when it is not JSON or too deep to be written again. */
function tryParse(data: string): unknown {
  if (isTooDeep(data)) return undefined
  try {
    return JSON.parse(data)
  } catch {
    return undefined
  }
}

function unreadable(data: string): ApiError {
  if (isTooDeep(data)) return tooDeep()
  return new ApiError(
    'upstream_invalid_response',
    'Cannot read the stream: an event is not JSON',
  )
}

/** Whether JSON that is no part of an answer says what went wrong: a message's own is an object. */
export function reportsError(
  { error, message, errorMessage }: { error?: unknown; message?: unknown; errorMessage?: unknown },
): boolean {
  return Boolean(error || asText(message) || asText(errorMessage))
}
