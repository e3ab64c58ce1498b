/** What OCI answered, and what goes with it to the client. */
export interface Answer<T> {
  value: T
  /** OCI's own id of the call; absent where none was made. */
  opcRequestId: string | undefined
  /** What could not be passed on, field first. */
  warnings: readonly string[]
  /** The region that answered, and the calls it took to get there. */
  region?: string | undefined
  attempts?: number | undefined
  /** The model that answered instead of the one asked for, where the operator named one. */
  fallback?: string | undefined
}

/**
 * Joins the answers of several calls for one request: request ids and warnings of all calls, each
 * once. Region and fallback are those of the first answer of a fallback model, otherwise of the first.
 * @param attempts the calls made in all, for answers that share a trace
 */
export function joinAnswers<T>(
  answers: readonly Answer<unknown>[],
  value: T,
  attempts: number | undefined = sumAttempts(answers),
): Answer<T> {
  const ids = new Set(answers.flatMap(({ opcRequestId }) => opcRequestId ?? []))
  const shown = answers.find(({ fallback }) => fallback !== undefined) ?? answers[0]
  return {
    value,
    opcRequestId: ids.size === 0 ? undefined : [...ids].join(', '),
    warnings: [...new Set(answers.flatMap(({ warnings }) => warnings))],
    region: shown?.region,
    attempts,
    fallback: shown?.fallback,
  }
}

function sumAttempts(answers: readonly Answer<unknown>[]): number | undefined {
  const counts = answers.flatMap(({ attempts }) => attempts ?? [])
  return counts.length === 0 ? undefined : counts.reduce((sum, count) => sum + count, 0)
}
