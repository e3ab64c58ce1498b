import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ApiError, type ErrorCode } from '../../src/errors.ts'
import { decodeError } from '../../src/oci/error.ts'
import { DEFAULT_RETRY, retryDelay, withRetries } from '../../src/oci/retry.ts'

/** An error as OCI's answer of that status makes it. */
function answered(status: number, code?: string, retryAfter?: number): ApiError {
  return decodeError({ status, code, message: '', param: undefined }, {}, { retryAfter })
}

function own(code: ErrorCode): ApiError {
  return new ApiError(code, 'x')
}

const NEVER = undefined

const delays: [name: string, error: ApiError, attempt: number, ms: number | undefined][] = [
  ['E06 waits half a second at most, then twice as long', answered(429), 1, 500],
  ['E06 waits twice as long', answered(429), 2, 1000],
  ['E06 gives up after three calls', answered(429), 3, NEVER],
  ['E06 waits as long as it is asked to', answered(429, '', 7), 1, 7000],
  ['E06 waits as long as is patient', answered(429, '', 20), 1, 20_000],
  ['E06 tells the client of a longer wait', answered(429, '', 21), 1, NEVER],
  ['E08 tries a 500 again', answered(500), 1, 500],
  ['E08 tries a 503 again', answered(503), 2, 1000],
  ['E08 tries a 504 again', answered(504), 1, 500],
  ['E08 does not try a 501 again', answered(501), 1, NEVER],
  ['waits for a state to pass', answered(409, 'IncorrectState'), 1, 500],
  ['does not try another conflict again', answered(409, 'InvalidatedRetryToken'), 1, NEVER],
  ['tries a lost connection again', own('upstream_unavailable'), 1, 500],
  ['S23 tries an answer that was cut again', own('upstream_incomplete'), 1, 500],
  ['does not wait a second time for what was waited for long', own('upstream_timeout'), 1, NEVER],
  ...([400, 401, 403, 404, 413] as const).map((status): (typeof delays)[number] => [
    `does not try a ${status} again`,
    answered(status),
    1,
    NEVER,
  ]),
  ['does not try again what is our own fault', own('internal_error'), 1, NEVER],
  ['does not try again for a client that left', own('client_closed'), 1, NEVER],
]

describe('retryDelay()', () => {
  for (const [name, error, attempt, ms] of delays) {
    it(name, () => assert.equal(retryDelay(error, attempt, DEFAULT_RETRY, 1), ms))
  }

  it('waits a random part of it', () => {
    assert.equal(retryDelay(answered(429), 1, DEFAULT_RETRY, 0.25), 125)
    assert.equal(retryDelay(answered(429), 1, DEFAULT_RETRY, 0), 0)
  })

  it('waits no longer than the cap', () => {
    const policy = { ...DEFAULT_RETRY, attempts: 10 }
    assert.equal(retryDelay(answered(503), 9, policy, 1), 8_000)
  })
})

const POLICY = { attempts: 3, base: 0, cap: 0, patience: 20_000 }

describe('withRetries()', () => {
  it('gives what succeeds at last, and counts the calls', async () => {
    const calls: number[] = []
    const value = await withRetries(
      (number) => {
        calls.push(number)
        return number < 3 ? Promise.reject(answered(503)) : Promise.resolve('done')
      },
      POLICY,
      new AbortController().signal,
    )
    assert.deepEqual([value, calls], ['done', [1, 2, 3]])
  })

  it('E08 throws the last failure when the calls are used up', async () => {
    const thrown = [1, 2, 3].map((number) => new ApiError('upstream_incomplete', `${number}`))
    const attempt = (number: number) => Promise.reject(thrown[number - 1])
    const signal = new AbortController().signal
    await assert.rejects(withRetries(attempt, POLICY, signal), thrown[2])
  })

  it('throws at once what will not pass', async () => {
    const error = answered(400)
    let calls = 0
    const attempt = () => {
      calls++
      return Promise.reject(error)
    }
    await assert.rejects(withRetries(attempt, POLICY, new AbortController().signal), error)
    assert.equal(calls, 1)
  })

  it('throws what nobody foresaw as it is', async () => {
    const error = new TypeError('defect')
    const attempt = () => Promise.reject(error)
    await assert.rejects(withRetries(attempt, POLICY, new AbortController().signal), error)
  })

  it('stops waiting when the client leaves', async () => {
    const controller = new AbortController()
    const reason = new ApiError('client_closed', 'x')
    const began = performance.now()
    const waiting = withRetries(
      () => Promise.reject(answered(429, '', 20)),
      POLICY,
      controller.signal,
    )
    setTimeout(() => controller.abort(reason), 5)
    await assert.rejects(waiting, reason)
    assert.ok(performance.now() - began < 5_000)
  })

  it('does not begin to wait for a client that left', async () => {
    const controller = new AbortController()
    const error = answered(503)
    const attempt = () => {
      controller.abort()
      return Promise.reject(error)
    }
    await assert.rejects(withRetries(attempt, POLICY, controller.signal), error)
  })
})
