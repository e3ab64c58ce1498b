import type { UpstreamResponse } from '../../platform.ts'
import type { Redact } from './redact.ts'

/** Returns OCI's id of a call, if the response has one. */
export function opcRequestId(
  { headers }: Pick<UpstreamResponse, 'headers'>,
  redact: Redact = (text) => text,
): string | undefined {
  return redact(headers.get('opc-request-id') ?? '') || undefined
}

/** Whether a response is a stream. Some endpoints answer a streaming request with complete JSON. */
export function isEventStream({ headers }: Pick<UpstreamResponse, 'headers'>): boolean {
  return (headers.get('content-type') ?? '').toLowerCase().startsWith('text/event-stream')
}
