import type { ApiError } from '../../errors.ts'
import type { AttemptObserver } from '../../telemetry/request-progress.ts'

/** A call to OCI that is measured. */
export interface ObservedCall {
  /** Headers that continue the trace; absent without one. */
  headers: Readonly<Record<string, string>> | undefined
  /** Reports the end to the observer. `status` is OCI's, `undefined` if it did not answer. */
  end(result: {
    status: number | undefined
    opcRequestId?: string | undefined
    error?: ApiError
  }): void
}

/** Starts to measure a call to a model in a region. */
export function observeCall(
  { model, observer }: { model?: string | undefined; observer?: AttemptObserver | undefined },
  region: string,
  now: () => number,
): ObservedCall {
  const span = observer?.startCall?.()
  const startedAt = now()
  return {
    headers: span?.headers,
    end: ({ status, error, opcRequestId = error?.opcRequestId }) =>
      observer?.attempt({
        model,
        region,
        startedAt,
        ms: now() - startedAt,
        status,
        error: error?.code,
        opcRequestId,
        spanId: span?.id,
      }),
  }
}
