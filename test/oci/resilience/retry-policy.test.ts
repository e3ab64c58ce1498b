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

/** Creates the error of an answer of OCI. */
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
const EXHAUSTED: NextStep = { type: 'give-up', exhausted: true }
const FINAL: NextStep = { type: 'give-up', exhausted: false }

const decisions: [name: string, error: ApiError, state: RetryState, decision: NextStep][] = [
  ['E06 waits at most half a second', answered(429), FIRST, again(500)],
  ['E06 waits a random part of the delay', answered(429), { ...FIRST, random: 0.25 }, again(125)],
  ['E06 doubles the delay', answered(429), SECOND, again(1000)],
  ['E06 gives up after three calls', answered(429), LAST, EXHAUSTED],
  ['E06 waits for the Retry-After', answered(429, '', 7), FIRST, again(7000)],
  ['E06 waits for the maximum Retry-After', answered(429, '', 20), FIRST, again(20_000)],
  ['E06 gives up for a longer Retry-After', answered(429, '', 21), FIRST, FINAL],
  ['E06 tries another region at once', answered(429, '', 7), WITH_OTHERS, NEXT],
  ['U1 does not retry an exhausted quota', answered(429, 'LimitExceeded'), FIRST, FINAL],
  ['U1 retries after too many requests', answered(429, 'TooManyRequests'), FIRST, again(500)],
  ['E08 retries a 500', answered(500), FIRST, again(500)],
  ['E08 retries a 503', answered(503), SECOND, again(1000)],
  ['E08 retries a 504', answered(504), FIRST, again(500)],
  ['E08 tries another region', answered(503), WITH_OTHERS, NEXT],
  [
    'E08 counts the calls to all regions',
    answered(503),
    { ...LAST, hasAlternative: true },
    EXHAUSTED,
  ],
  ['E08 does not retry a 501', answered(501), WITH_OTHERS, FINAL],
  ['retries an incorrect state', answered(409, 'IncorrectState'), FIRST, again(500)],
  ['does not retry another conflict', answered(409, 'InvalidatedRetryToken'), FIRST, FINAL],
  ['retries a lost connection', own('upstream_unavailable'), FIRST, again(500)],
  ['S23 retries an incomplete answer', own('upstream_incomplete'), FIRST, again(500)],
  [
    'does not retry the timeout of the gateway',
    own('upstream_timeout'),
    FIRST,
    FINAL,
  ],
  ['tries another region for an unknown model', answered(404), WITH_OTHERS, NEXT],
  ['gives up an unknown model without another region', answered(404), FIRST, FINAL],
  ['does not retry after a minute', answered(503), { ...FIRST, elapsed: 60_000 }, EXHAUSTED],
  [
    'does not wait past the minute',
    answered(429, '', 15),
    { ...FIRST, elapsed: 50_000 },
    EXHAUSTED,
  ],
  ['gives up while a circuit is open', own('upstream_unavailable', CIRCUIT_OPEN), FIRST, EXHAUSTED],
  [
    'tries another region while a circuit is open',
    own('upstream_unavailable', CIRCUIT_OPEN),
    WITH_OTHERS,
    NEXT,
  ],
  ...([400, 401, 403, 413] as const).map((status): (typeof decisions)[number] => [
    `does not try a ${status} again`,
    answered(status),
    WITH_OTHERS,
    FINAL,
  ]),
  ['does not retry an internal error', own('internal_error'), WITH_OTHERS, FINAL],
  ['does not retry after the client disconnects', own('client_closed'), WITH_OTHERS, FINAL],
]

describe('nextStep()', () => {
  for (const [name, error, state, decision] of decisions) {
    it(name, () => assert.deepEqual(nextStep(error, state, DEFAULT_RETRY), decision))
  }

  it('limits the delay', () => {
    const policy = { ...DEFAULT_RETRY, maxAttempts: 10 }
    assert.deepEqual(nextStep(answered(503), { ...FIRST, attempts: 9 }, policy), again(8_000))
  })
})
