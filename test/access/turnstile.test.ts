import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createTurnstile, type Guest } from '../../src/access/turnstile.ts'

describe('createTurnstile()', () => {
  it('lets in as many as there is room for', () => {
    const { enter } = createTurnstile(2)
    assert.deepEqual([enter(), enter(), enter()], [{}, {}, undefined])
  })

  it('lets in one for each that left, however often it says that it left', () => {
    const { enter, leave } = createTurnstile(1)
    const first = enter() as Guest
    leave(first)
    leave(first)
    assert.deepEqual([enter(), enter()], [{}, undefined])
  })

  it('is closed at once when nobody is in', async () => {
    const turnstile = createTurnstile(1)
    await turnstile.close(60_000, 'over')
    assert.equal(turnstile.isClosed, true)
    assert.equal(turnstile.enter(), undefined)
  })

  it('counts nobody where there is no limit', async () => {
    const turnstile = createTurnstile(Infinity)
    turnstile.enter()
    await turnstile.close(60_000, 'over')
    assert.equal(turnstile.isClosed, true)
  })

  it('Z11 waits for those who are in, and ends none of them', async () => {
    const turnstile = createTurnstile(2)
    const guests = [turnstile.enter(), turnstile.enter()] as Guest[]
    const aborts = guests.map((guest) => guest.abort = new AbortController())
    let isEmpty = false
    const closed = turnstile.close(60_000, 'over').then(() => isEmpty = true)
    for (const guest of guests) {
      assert.equal(isEmpty, false)
      turnstile.leave(guest)
    }
    await closed
    assert.deepEqual(aborts.map(({ signal }) => signal.aborted), [false, false])
  })

  it('Z11 ends those who take too long', async () => {
    const turnstile = createTurnstile(2)
    const [slow = {}, deaf = {}] = [turnstile.enter(), turnstile.enter()]
    const { signal } = slow.abort = new AbortController()
    signal.addEventListener('abort', () => {
      turnstile.leave(slow)
      turnstile.leave(deaf)
    })
    await turnstile.close(10, 'over')
    assert.equal(signal.reason, 'over')
  })
})
