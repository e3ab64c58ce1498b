/** The longest value worth sending: some servers refuse headers of 8 KB and more in all. */
const LONGEST = 2_000

/** What came from elsewhere, made fit for a header: on Node a bad value could end the process. */
export function safeHeader(value: string): string {
  // Cut first: what is beyond the limit need not be searched.
  return value.slice(0, LONGEST).replace(/[^\x20-\x7e]/g, '?')
}

/** What an answer tells beside its body; of an error, as much as is known. */
export interface ReplyFacts {
  opcRequestId?: string | undefined
  warnings: readonly string[]
  region?: string | undefined
  attempts?: number | undefined
  fallback?: string | undefined
}

/** The headers every answer of a model carries, beside the gateway's own. */
export function replyHeaders(facts: ReplyFacts): Record<string, string> {
  const { opcRequestId, warnings, region, attempts, fallback } = facts
  return {
    ...(opcRequestId !== undefined && { 'opc-request-id': safeHeader(opcRequestId) }),
    ...(warnings.length > 0 && { 'x-oci-gateway-warnings': safeHeader(warnings.join('; ')) }),
    ...(region !== undefined && { 'x-oci-region': safeHeader(region) }),
    ...(attempts !== undefined && { 'x-oci-attempts': String(attempts) }),
    ...(fallback !== undefined && { 'x-oci-fallback': safeHeader(`${region}/${fallback}`) }),
  }
}
