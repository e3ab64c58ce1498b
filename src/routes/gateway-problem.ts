import { type Cause, causeOf } from '../causes/cause.ts'
import type { ErrorCode } from '../errors.ts'

/** What is known of the state of a gateway. */
export interface KnownState {
  isReady: boolean
  /** Why OCI's list of models could not be read. */
  failure: ErrorCode | undefined
  /** Milliseconds that are added to the machine's clock for signatures. */
  clockOffset: number
}

/** Milliseconds of a clock's error that OCI accepts. */
const ACCEPTED_OFFSET = 5 * 60_000

/** The one cause to fix first, with its command; `undefined` if all is well. */
export function findProblem({ isReady, failure, clockOffset }: KnownState): Cause | undefined {
  if (!isReady) return causeOf('token_not_renewed', {})
  if (failure !== undefined) return listProblem(failure)
  if (Math.abs(clockOffset) < ACCEPTED_OFFSET) return undefined
  const minutes = Math.round(Math.abs(clockOffset) / 60_000)
  return causeOf('clock_drift', {
    offset: `${minutes} minutes`,
    direction: clockOffset > 0 ? 'behind' : 'ahead',
  })
}

function listProblem(code: ErrorCode): Cause {
  switch (code) {
    case 'upstream_auth_error':
      return causeOf('credential_not_accepted', {})
    case 'permission_denied':
    case 'model_not_found':
    case 'not_found':
      return causeOf('models_not_permitted', {})
    default:
      return causeOf('oci_not_reached', { code })
  }
}
