import { formatDuration } from '../duration.ts'
import { fail, type Finding, ok, skip, warn } from '../finding.ts'
import { MAX_CLOCK_OFFSET } from '../remote.ts'
import type { Session } from '../session.ts'

/** Milliseconds. A larger difference gets a warning: clocks that drift drift further. */
const DRIFT = 60_000

/** Whether the clock of this machine agrees with OCI's. */
export async function checkClock(session: Session): Promise<Finding> {
  const offset = await session.clockOffset()
  if (offset === undefined) return skip('OCI has sent no date')
  const values = {
    offset: formatDuration(offset),
    direction: offset > 0 ? 'slow' : 'fast',
  }
  const size = Math.abs(offset)
  // OCI's date has whole seconds.
  if (size > MAX_CLOCK_OFFSET - 1_000) return fail('clock_skew', values)
  return size > DRIFT ? warn('clock_drift', values) : ok(`${formatDuration(offset)} from OCI's`)
}
