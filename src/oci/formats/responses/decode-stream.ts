import { asObject, asText } from '../../json.ts'
import type { StreamDecodeOptions, StreamDecoder } from '../format.ts'
import { renameUsage } from '../openai/usage.ts'
import { createDecoder, type StreamDialect } from '../response/stream-decoder.ts'
import { reportsError, type StreamEvent } from '../response/stream-event.ts'
import { createResponseStream } from './response-stream.ts'
import type { WireEvent } from './wire.ts'

const DIALECT: StreamDialect<WireEvent> = {
  readEvent,
  indexOf: () => 0,
  createChoiceStream: createResponseStream,
}

/** Creates the decoder of a stream of typed events. */
export function createStreamDecoder(options: StreamDecodeOptions): StreamDecoder {
  return createDecoder(DIALECT, options)
}

/** Events that contain a piece of the reply. */
const PIECES = new Set([
  'response.output_item.added',
  'response.output_item.done',
  'response.output_text.delta',
  'response.output_text.annotation.added',
  'response.refusal.delta',
  'response.reasoning_summary_text.delta',
  'response.reasoning_text.delta',
  'response.function_call_arguments.delta',
])
/** Events whose content other events repeat. */
const REDUNDANT = new Set([
  'response.created',
  'response.queued',
  'response.in_progress',
  'response.content_part.added',
  'response.content_part.done',
  'response.output_text.done',
  'response.refusal.done',
  'response.reasoning_summary_part.added',
  'response.reasoning_summary_part.done',
  'response.reasoning_summary_text.done',
  'response.reasoning_text.done',
  'response.function_call_arguments.done',
])
const NO_PIECE = {
  type: 'choices',
  choices: [],
  usage: undefined,
  serviceTier: '',
} as const

function readEvent(json: unknown): StreamEvent<WireEvent> {
  const event: WireEvent = asObject(json)
  const type = asText(event.type)
  if (PIECES.has(type)) return { ...NO_PIECE, choices: [event] }
  if (REDUNDANT.has(type)) return NO_PIECE
  const response: { usage?: unknown; service_tier?: unknown; error?: unknown } = asObject(
    event.response,
  )
  switch (type) {
    case 'response.completed':
    case 'response.incomplete':
      return {
        type: 'choices',
        choices: [event],
        usage: renameUsage(response.usage),
        serviceTier: asText(response.service_tier).toLowerCase(),
        isLast: true,
      }
    case 'response.failed':
    case 'response.cancelled':
      return {
        type: 'error',
        json: { error: response.error ?? { message: 'The response failed' } },
      }
    case 'error':
      return { type: 'error', json }
  }
  return type === '' && reportsError(event) ? { type: 'error', json } : { type: 'unknown' }
}
