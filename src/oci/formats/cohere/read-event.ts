import { asObject } from '../../json.ts'
import { reportsError, type StreamEvent } from '../response/stream-event.ts'

interface WireEvent {
  usage?: unknown
  errorMessage?: unknown
}

/**
 * Reads a stream event of either Cohere format. It is a piece of the only choice, bare or wrapped
 * like a complete response; an event that is no piece reports an error or the usage.
 */
export function readCohereEvent<Piece extends WireEvent>(
  json: unknown,
  isPiece: (event: Piece) => boolean,
): StreamEvent<Piece> {
  const outer: { chatResponse?: unknown } = asObject(json)
  // Every member of a piece is optional and `unknown`, so that any object is one.
  const event = asObject(outer.chatResponse || outer) as Piece
  const { usage } = event
  if (isPiece(event)) return { type: 'choices', choices: [event], usage, serviceTier: '' }
  if (reportsError(event)) return { type: 'error', json }
  if (!usage) return { type: 'unknown' }
  return { type: 'choices', choices: [], usage, serviceTier: '' }
}
