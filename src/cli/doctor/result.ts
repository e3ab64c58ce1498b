import type { CheckResult } from '../../diagnosis/diagnose.ts'

/** One check as `doctor --json` prints it. */
export interface ReportedCheck {
  id: string
  status: 'ok' | 'warn' | 'fail' | 'skip'
  title: string
  /** What is wrong; null if all is well or the check was not made. */
  cause: string | null
  /** A command or a line to paste. */
  fix: string | null
  /** The id of the cause in the documentation. */
  reason: string | null
  /** What the check found, or why it was not made. */
  detail: string | null
}

/** Converts the result of a check for the user. */
export function reported(
  { id, title, finding }: CheckResult,
  localize: (fix: string) => string,
): ReportedCheck {
  if ('detail' in finding) {
    const { status, detail } = finding
    return { id, status, title, cause: null, fix: null, reason: null, detail }
  }
  const { status, cause } = finding
  return {
    ...{ id, status, title, cause: capitalize(cause.wrong), fix: localize(cause.fix) },
    ...{ reason: cause.id, detail: null },
  }
}

/** Causes begin in lower case because error messages continue with them after a colon. */
function capitalize(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`
}
