/** An answer of OCI, with what the gateway reports about it to the client. */
export interface Answer<T> {
  value: T
  /** OCI's id of the call, or of several calls with commas between; absent without a call. */
  opcRequestId: string | undefined
  /** What the gateway could not pass on; each text begins with the request's field. */
  warnings: readonly string[]
  /** The region that answered. */
  region?: string | undefined
  /** Number of calls made, failed ones included. */
  attempts?: number | undefined
  /** The fallback model that answered instead of the requested one. */
  fallback?: string | undefined
}

/** Joins OCI's ids of the calls that were made for one request; `undefined` if there is none. */
export function joinRequestIds(
  answers: readonly Pick<Answer<unknown>, 'opcRequestId'>[],
): string | undefined {
  const ids = new Set(answers.flatMap(({ opcRequestId }) => opcRequestId ?? []))
  return ids.size === 0 ? undefined : [...ids].join(', ')
}
