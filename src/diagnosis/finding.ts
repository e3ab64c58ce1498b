import { type Cause, type CauseId, causeOf, type CauseValues } from '../causes/cause.ts'
import { type ApiError, toApiError } from '../errors.ts'

/** The result of a check. */
export type Finding =
  | { status: 'ok' | 'skip'; detail: string }
  | { status: 'warn' | 'fail'; cause: Cause }

/** All is well; `detail` is what the check found. */
export function ok(detail: string): Finding {
  return { status: 'ok', detail }
}

/** The check could not be made, or does not apply. */
export function skip(detail: string): Finding {
  return { status: 'skip', detail }
}

/** Calls do not work, for this cause. */
export function fail<Id extends CauseId>(id: Id, values: CauseValues<Id>): Finding {
  return { status: 'fail', cause: causeOf(id, values) }
}

/** Calls work, but this needs attention. */
export function warn<Id extends CauseId>(id: Id, values: CauseValues<Id>): Finding {
  return { status: 'warn', cause: causeOf(id, values) }
}

/** The outcome of one step that may fail. */
export type Attempt<T> = { type: 'done'; value: T } | { type: 'failed'; error: ApiError }

/** Makes an attempt, of which any error becomes an ApiError. */
export async function attempt<T>(work: () => Promise<T> | T): Promise<Attempt<T>> {
  try {
    return { type: 'done', value: await work() }
  } catch (thrown) {
    return { type: 'failed', error: toApiError(thrown) }
  }
}

/** Makes a function that does its work once, at the first call. */
export function once<T>(work: () => T): () => T {
  let result: { value: T } | undefined
  return () => (result ??= { value: work() }).value
}
