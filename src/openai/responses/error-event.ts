import type { ApiError } from '../../errors.ts'

/** An error amid a response's stream, as OpenAI tells it. */
export function encodeErrorEvent({ code, message, param }: ApiError): string {
  const event = { type: 'error', code, message, param: param ?? null }
  return `event: error\ndata: ${JSON.stringify(event)}\n\n`
}
