import { ApiError } from '../../../errors.ts'
import type { SseMessage } from '../../../sse/decode.ts'
import { asText, isTooDeep, tooDeep } from '../../json.ts'

/** An event of a stream. `unknown` is JSON of an unknown shape, which is ignored. */
export type StreamEvent<Piece> =
  | {
    type: 'choices'
    choices: readonly Piece[]
    usage: unknown
    serviceTier: string
    /** No further piece follows. */
    isLast?: true
    /** A piece that ends the choice if the stream ends here. */
    endIfLast?: Piece | undefined
  }
  | { type: 'error'; json: unknown }
  | { type: 'unreadable'; error: ApiError }
  | { type: 'unknown' }
  | { type: 'done' }

/**
 * Reads one server-sent event. Data of several lines that are only valid JSON line by line is read
 * as one event per line.
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

/** `undefined`, which is no JSON value, when the data is not JSON or nested too deep to serialize. */
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
    'The stream from OCI contains an event that is not JSON',
  )
}

/** Whether an event without choices reports an error: there `message` is a text, not an object. */
export function reportsError(
  { error, message, errorMessage }: { error?: unknown; message?: unknown; errorMessage?: unknown },
): boolean {
  return Boolean(error || asText(message) || asText(errorMessage))
}
