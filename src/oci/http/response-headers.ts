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
