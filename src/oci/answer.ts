/** An answer of OCI, with what the gateway reports about it to the client. */
export interface Answer<T> {
  value: T
  /** OCI's id of the call, or of several calls with commas between; absent without a call. */
  opcRequestId: string | undefined
  /** What the gateway could not pass on; each text begins with the request's field. */
  warnings: readonly string[]
  /** The region that answered, or that OCI selected for a routing profile. */
  region?: string | undefined
  /** Number of calls made, failed ones included. */
  attempts?: number | undefined
  /** The fallback model that answered instead of the requested one. */
  fallback?: string | undefined
}

/**
 * Joins the answers of several calls for one request: request ids and warnings of all calls, each
 * once. Region and fallback are those of the first answer of a fallback model, otherwise of the first.
 * @param before the calls made before these, which each answer counts as well
 */
export function joinAnswers<T>(
  answers: readonly Answer<unknown>[],
  value: T,
  before = 0,
): Answer<T> {
  const ids = new Set(answers.flatMap(({ opcRequestId }) => opcRequestId ?? []))
  const shown = answers.find(({ fallback }) => fallback !== undefined) ?? answers[0]
  return {
    value,
    opcRequestId: ids.size === 0 ? undefined : [...ids].join(', '),
    warnings: [...new Set(answers.flatMap(({ warnings }) => warnings))],
    region: shown?.region,
    attempts: sumAttempts(answers, before),
    fallback: shown?.fallback,
  }
}

function sumAttempts(answers: readonly Answer<unknown>[], before: number): number | undefined {
  const counts = answers.flatMap(({ attempts }) => attempts ?? [])
  if (counts.length === 0) return undefined
  return counts.reduce((sum, count) => sum + count - before, before)
}
