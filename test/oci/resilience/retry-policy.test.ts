import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ApiError, type ErrorCode } from '../../../src/errors.ts'
import { decodeError } from '../../../src/oci/http/error.ts'
import {
  CIRCUIT_OPEN,
  DEFAULT_RETRY,
  type NextStep,
  nextStep,
  type RetryState,
} from '../../../src/oci/resilience/retry-policy.ts'

/** An error as OCI's answer of that status makes it. */
function answered(status: number, code?: string, retryAfter?: number): ApiError {
  return decodeError({ status, code, message: '', param: undefined }, {}, { retryAfter })
}

function own(code: ErrorCode, reason?: string): ApiError {
  return new ApiError(code, 'x', { reason })
}

const FIRST: RetryState = { attempts: 1, elapsed: 0, hasAlternative: false, random: 1 }
const SECOND: RetryState = { ...FIRST, attempts: 2 }
const LAST: RetryState = { ...FIRST, attempts: 3 }
const WITH_OTHERS: RetryState = { ...FIRST, hasAlternative: true }

const again = (delay: number): NextStep => ({ type: 'retry', delay })
const NEXT: NextStep = { type: 'next' }
const SPENT: NextStep = { type: 'give-up', exhausted: true }
const FINAL: NextStep = { type: 'give-up', exhausted: false }

const decisions: [name: string, error: ApiError, situation: RetryState, decision: NextStep][] = [
  ['E06 waits half a second at most', answered(429), FIRST, again(500)],
  ['E06 waits a random part of it', answered(429), { ...FIRST, random: 0.25 }, again(125)],
  ['E06 waits twice as long', answered(429), SECOND, again(1000)],
  ['E06 gives up after three calls', answered(429), LAST, SPENT],
  ['E06 waits as long as it is asked to', answered(429, '', 7), FIRST, again(7000)],
  ['E06 waits as long as is patient', answered(429, '', 20), FIRST, again(20_000)],
  ['E06 tells the client of a longer wait', answered(429, '', 21), FIRST, FINAL],
  ['E06 asks another region at once', answered(429, '', 7), WITH_OTHERS, NEXT],
  ['U1 does not wait for a quota that is used up', answered(429, 'LimitExceeded'), FIRST, FINAL],
  ['U1 waits where too many asked', answered(429, 'TooManyRequests'), FIRST, again(500)],
  ['E08 tries a 500 again', answered(500), FIRST, again(500)],
  ['E08 tries a 503 again', answered(503), SECOND, again(1000)],
  ['E08 tries a 504 again', answered(504), FIRST, again(500)],
  ['E08 asks another region', answered(503), WITH_OTHERS, NEXT],
  ['E08 counts the calls to all regions', answered(503), { ...LAST, hasAlternative: true }, SPENT],
  ['E08 does not try a 501 again', answered(501), WITH_OTHERS, FINAL],
  ['waits for a state to pass', answered(409, 'IncorrectState'), FIRST, again(500)],
  ['does not try another conflict again', answered(409, 'InvalidatedRetryToken'), FIRST, FINAL],
  ['tries a lost connection again', own('upstream_unavailable'), FIRST, again(500)],
  ['S23 tries an answer that was cut again', own('upstream_incomplete'), FIRST, again(500)],
  [
    'does not wait a second time for what was waited for long',
    own('upstream_timeout'),
    FIRST,
    FINAL,
  ],
  ['looks for a model in another region', answered(404), WITH_OTHERS, NEXT],
  ['looks for it there once', answered(404), FIRST, FINAL],
  ['tries nothing again after a minute', answered(503), { ...FIRST, elapsed: 60_000 }, SPENT],
  [
    'does not begin to wait past the minute',
    answered(429, '', 15),
    { ...FIRST, elapsed: 50_000 },
    SPENT,
  ],
  ['says at once that a target rests', own('upstream_unavailable', CIRCUIT_OPEN), FIRST, SPENT],
  ['passes a target that rests by', own('upstream_unavailable', CIRCUIT_OPEN), WITH_OTHERS, NEXT],
  ...([400, 401, 403, 413] as const).map((status): (typeof decisions)[number] => [
    `does not try a ${status} again`,
    answered(status),
    WITH_OTHERS,
    FINAL,
  ]),
  ['does not try again what is our own fault', own('internal_error'), WITH_OTHERS, FINAL],
  ['does not try again for a client that left', own('client_closed'), WITH_OTHERS, FINAL],
]

describe('decide()', () => {
  for (const [name, error, situation, decision] of decisions) {
    it(name, () => assert.deepEqual(nextStep(error, situation, DEFAULT_RETRY), decision))
  }

  it('waits no longer than the cap', () => {
    const policy = { ...DEFAULT_RETRY, maxAttempts: 10 }
    assert.deepEqual(nextStep(answered(503), { ...FIRST, attempts: 9 }, policy), again(8_000))
  })
})
