import type { UpstreamResponse } from '../../platform.ts'
import { regionId } from '../regions.ts'
import type { Redact } from './redact.ts'

/** Returns OCI's id of a call, if the response has one. */
export function opcRequestId(
  { headers }: Pick<UpstreamResponse, 'headers'>,
  redact: Redact = (text) => text,
): string | undefined {
  return redact(headers.get('opc-request-id') ?? '') || undefined
}

/** Returns the region that OCI has selected for a routing profile; absent for other models. */
export function selectedRegion(
  { headers }: Pick<UpstreamResponse, 'headers'>,
): string | undefined {
  const name = headers.get('x-genai-selected-region')?.trim().toLowerCase() ?? ''
  return /^[a-z0-9-]{1,40}$/.test(name) ? regionId(name) : undefined
}

/** Whether a response is a stream. Some endpoints answer a streaming request with complete JSON. */
export function isEventStream({ headers }: Pick<UpstreamResponse, 'headers'>): boolean {
  return (headers.get('content-type') ?? '').toLowerCase().startsWith('text/event-stream')
}

/**
 * Whether every runtime reads the content of a response. The gateway asks for no encoding; where a
 * server ignores that, all runtimes decode gzip, each of them only some of the others, and what is not
 * decoded would be passed on as if it were the content.
 */
export function isReadable(response: Pick<UpstreamResponse, 'headers'>): boolean {
  return ['', 'identity', 'gzip'].includes(encodingOf(response))
}

/** The encoding of a response's content, as it is written; empty without one. */
export function encodingOf({ headers }: Pick<UpstreamResponse, 'headers'>): string {
  return headers.get('content-encoding')?.trim() ?? ''
}
