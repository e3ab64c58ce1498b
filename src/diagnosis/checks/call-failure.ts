import type { ApiError } from '../../errors.ts'
import { errorBodyOf } from '../../oci/http/error.ts'
import { fail, type Finding } from '../finding.ts'
import type { Session } from '../session.ts'

/** Seconds to wait if OCI does not name a number. */
const PAUSE = 30

/** Whether an error is OCI's answer with this status. */
export function hasStatus(error: ApiError, status: number): boolean {
  return errorBodyOf(error)?.status === status
}

/** Whether OCI has answered at all. */
export function isAnswer(error: ApiError): boolean {
  return errorBodyOf(error) !== undefined
}

/** OCI's text of a failure, in one line. */
export function textOf(error: ApiError): string {
  const body = errorBodyOf(error)
  if (body === undefined) return error.message
  return `${body.status}${body.message === '' ? '' : `: ${body.message.replaceAll(/\s+/g, ' ')}`}`
}

/** Explains a failure that is neither about the credential nor about permissions. */
export async function explainCall(error: ApiError, session: Session): Promise<Finding> {
  const seconds = String(Math.ceil(error.retryAfter ?? PAUSE))
  switch (error.code) {
    case 'rate_limit_exceeded':
      return fail('rate_limited', { seconds })
    case 'upstream_timeout':
      return fail('service_silent', { seconds })
    case 'upstream_unavailable': {
      const body = errorBodyOf(error)
      if (body !== undefined) return fail('service_failing', { status: textOf(error), seconds })
      const { host = '', origin: url = '' } = (await session.endpoints())?.control ?? {}
      return fail('connection_lost', { host, url })
    }
  }
  const problem = textOf(error)
  return /compartment/i.test(problem)
    ? fail('compartment_malformed', { problem: `OCI answers ${problem}` })
    : fail('call_rejected', { problem: `It answers ${problem}` })
}
