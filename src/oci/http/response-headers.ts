import type { Redact } from './redact.ts'

/** OCI's own id of a call, if the response carries one. */
export function opcRequestId(
  { headers }: Pick<Response, 'headers'>,
  redact: Redact = (text) => text,
): string | undefined {
  return redact(headers.get('opc-request-id') ?? '') || undefined
}

/** Whether a response is the stream that was requested; some endpoints answer in one piece. */
export function isEventStream({ headers }: Response): boolean {
  return (headers.get('content-type') ?? '').toLowerCase().startsWith('text/event-stream')
}
