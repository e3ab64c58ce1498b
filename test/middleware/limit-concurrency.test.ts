import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { MiddlewareHandler } from 'hono'
import { createConcurrencyLimiter } from '../../src/access/concurrency-limiter.ts'
import { ApiError } from '../../src/errors.ts'
import type { GatewayEnvironment } from '../../src/middleware/environment.ts'
import { limitConcurrency } from '../../src/middleware/limit-concurrency.ts'
import { serve } from './serve.ts'

const thrown: [name: string, value: unknown][] = [
  ['an ApiError', new ApiError('invalid_request', 'no')],
  ['an Error', new Error('no')],
  ['a string, the abort reason of the Node adapter', 'Client connection prematurely closed.'],
  ['undefined', undefined],
  ['an object', { code: 'ABORT_ERR' }],
]

describe('limitConcurrency()', () => {
  it('rejects requests over the limit, with a retry-after header', async () => {
    const limit = oneAtATime()
    const gate = Promise.withResolvers<void>()
    const first = serve(
      async (c) => {
        await gate.promise
        return c.text('in')
      },
      {},
      limit,
    )
    const { response } = await serve((c) => c.text('in'), {}, limit)
    assert.equal(response.status, 503)
    assert.equal(response.headers.get('retry-after'), '1')
    assert.equal((await response.json()).error.code, 'overloaded')
    gate.resolve()
    assert.equal((await first).response.status, 200)
    assert.equal((await serve((c) => c.text('in'), {}, limit)).response.status, 200)
  })

  for (const [name, value] of thrown) {
    it(`F1: releases the permit of a request that throws ${name}`, async () => {
      const limit = oneAtATime()
      for (let round = 0; round < 3; round++) {
        const { response } = await serve(() => Promise.reject(value), {}, limit)
        assert.equal(response.status, value instanceof ApiError ? 400 : 500)
        const { error } = await response.json()
        assert.doesNotMatch(error.message, /prematurely/)
      }
    })
  }

  it('holds the permit of a streamed response until its end', async () => {
    const limit = oneAtATime()
    let end: (() => void) | undefined
    await serve(
      (c) => {
        end = c.get('lifecycle').extend()
        return c.text('in')
      },
      {},
      limit,
    )
    const sendRequest = async () => (await serve((c) => c.text('in'), {}, limit)).response.status
    assert.equal(await sendRequest(), 503)
    end?.()
    assert.equal(await sendRequest(), 200)
  })

  it('Z11 rejects every request while the gateway drains', async () => {
    const limiter = createConcurrencyLimiter({ max: 9, maxPerClient: 9 })
    await limiter.drain(0, 'over')
    const { response } = await serve((c) => c.text('in'), {}, limitConcurrency(limiter))
    assert.equal(response.status, 503)
    assert.match((await response.json()).error.message, /shutting down/)
  })
})

function oneAtATime(): MiddlewareHandler<GatewayEnvironment> {
  return limitConcurrency(createConcurrencyLimiter({ max: 1, maxPerClient: 1 }))
}
