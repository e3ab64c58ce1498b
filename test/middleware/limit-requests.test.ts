import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createTurnstile } from '../../src/access/turnstile.ts'
import { ApiError } from '../../src/errors.ts'
import { limitRequests } from '../../src/middleware/limit-requests.ts'
import { serve } from './serve.ts'

describe('limitRequests()', () => {
  it('turns away what is too much, and says when to come again', async () => {
    const limit = limitRequests(createTurnstile(1))
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

  it('gives the place of what failed to another', async () => {
    const limit = limitRequests(createTurnstile(1))
    for (let round = 0; round < 3; round++) {
      const { response } = await serve(
        () => {
          throw new ApiError('invalid_request', 'no')
        },
        {},
        limit,
      )
      assert.equal(response.status, 400)
    }
  })

  it('keeps the place of an answer that goes on, until its end', async () => {
    const limit = limitRequests(createTurnstile(1))
    let finish: (() => void) | undefined
    await serve(
      (c) => {
        finish = c.get('finishLog')
        c.set('finishLog', undefined)
        return c.text('in')
      },
      {},
      limit,
    )
    const ask = async () => (await serve((c) => c.text('in'), {}, limit)).response.status
    assert.equal(await ask(), 503)
    finish?.()
    assert.equal(await ask(), 200)
  })

  it('Z11 turns everybody away once it is closed', async () => {
    const turnstile = createTurnstile(9)
    await turnstile.close(0, 'over')
    const { response } = await serve((c) => c.text('in'), {}, limitRequests(turnstile))
    assert.equal(response.status, 503)
    assert.match((await response.json()).error.message, /about to end/)
  })
})
