import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ApiError } from '../../../src/errors.ts'
import { decodeError } from '../../../src/oci/http/error.ts'
import { withRetries } from '../../../src/oci/resilience/with-retries.ts'
import { withFakeClock } from '../../fake-clock.ts'

/** Creates the error of an answer of OCI. */
function answered(status: number, code?: string, retryAfter?: number): ApiError {
  return decodeError({ status, code, message: '', param: undefined }, {}, { retryAfter })
}

const POLICY = {
  maxAttempts: 3,
  initialDelay: 0,
  maxDelay: 0,
  maxRetryAfter: 20_000,
  deadline: 60_000,
}

describe('withRetries()', () => {
  it('returns the success after failures', async () => {
    let calls = 0
    const value = await withRetries(
      () => ++calls < 3 ? Promise.reject(answered(503)) : Promise.resolve('done'),
      POLICY,
      new AbortController().signal,
    )
    assert.deepEqual([value, calls], ['done', 3])
  })

  it('E08 throws the last failure when the retries are exhausted', async () => {
    const thrown = [1, 2, 3].map((number) => new ApiError('upstream_incomplete', `${number}`))
    let calls = 0
    const attempt = () => Promise.reject(thrown[calls++])
    const signal = new AbortController().signal
    await assert.rejects(withRetries(attempt, POLICY, signal), thrown[2])
  })

  it('throws a permanent failure at once', async () => {
    const error = answered(400)
    let calls = 0
    const attempt = () => {
      calls++
      return Promise.reject(error)
    }
    await assert.rejects(withRetries(attempt, POLICY, new AbortController().signal), error)
    assert.equal(calls, 1)
  })

  it('throws an unknown error unchanged', async () => {
    const error = new TypeError('defect')
    const attempt = () => Promise.reject(error)
    await assert.rejects(withRetries(attempt, POLICY, new AbortController().signal), error)
  })

  it('stops waiting when the client disconnects', () =>
    withFakeClock(async (clock) => {
      const controller = new AbortController()
      const reason = new ApiError('client_closed', 'x')
      const waiting = withRetries(
        () => Promise.reject(answered(429, '', 20)),
        POLICY,
        controller.signal,
      )
      const stopped = assert.rejects(waiting, reason)
      await clock.advance(5)
      controller.abort(reason)
      await stopped
    }))

  it('does not wait for a client that has disconnected', async () => {
    const controller = new AbortController()
    const error = answered(503)
    const attempt = () => {
      controller.abort()
      return Promise.reject(error)
    }
    await assert.rejects(withRetries(attempt, POLICY, controller.signal), error)
  })
})
