/** Maximum length of a value: some servers reject headers of more than 8 KB in total. */
const MAX_VALUE_LENGTH = 2_000

/** Makes a foreign value safe for a header: on Node, an invalid value could end the process. */
export function safeHeader(value: string): string {
  // Cuts first, so that the rest is not searched.
  return value.slice(0, MAX_VALUE_LENGTH).replace(/[^\x20-\x7e]/g, '?')
}

/** Metadata of an answer or an error. */
export interface ReplyMetadata {
  opcRequestId?: string | undefined
  warnings: readonly string[]
  region?: string | undefined
  attempts?: number | undefined
  fallback?: string | undefined
}

/** The response headers for the metadata of an answer or an error. */
export function replyHeaders(metadata: ReplyMetadata): Record<string, string> {
  const { opcRequestId, warnings, region, attempts, fallback } = metadata
  return {
    ...(opcRequestId !== undefined && { 'opc-request-id': safeHeader(opcRequestId) }),
    ...(warnings.length > 0 && { 'x-oci-gateway-warnings': safeHeader(warnings.join('; ')) }),
    ...(region !== undefined && { 'x-oci-region': safeHeader(region) }),
    ...(attempts !== undefined && { 'x-oci-attempts': String(attempts) }),
    ...(fallback !== undefined && { 'x-oci-fallback': safeHeader(`${region}/${fallback}`) }),
  }
}
