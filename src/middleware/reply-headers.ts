/** The longest value worth sending: some servers refuse headers of 8 KB and more in all. */
const LONGEST = 2_000

/** What came from elsewhere, made fit for a header: on Node a bad value could end the process. */
export function safeHeader(value: string): string {
  return value.replace(/[^\x20-\x7e]/g, '?').slice(0, LONGEST)
}

/** The headers every answer of a model carries, beside the gateway's own. */
export function replyHeaders(
  answer: { opcRequestId?: string | undefined; warnings: readonly string[] },
): Record<string, string> {
  return {
    ...(answer.opcRequestId !== undefined && {
      'opc-request-id': safeHeader(answer.opcRequestId),
    }),
    ...(answer.warnings.length > 0 && {
      'x-oci-gateway-warnings': safeHeader(answer.warnings.join('; ')),
    }),
  }
}
