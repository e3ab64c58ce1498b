import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ApiError } from '../../src/errors.ts'
import { readSse, type SseBatches } from '../../src/sse/read.ts'
import { RECORDINGS } from './recordings.ts'
import { after, bodyOf, byteBodyOf, collect, handFed } from './streams.ts'
import { withFakeClock } from '../fake-clock.ts'

describe('readSse()', () => {
  for (const [name, lines] of RECORDINGS) {
    const expected = lines.map((data) => ({ data }))
    const text = lines.map((data) => `data: ${data}\n\n`).join('')

    it(`X01 reads ${name}, a character at a time`, async () => {
      assert.deepEqual(await collect(readSse(bodyOf(text).body, live())), expected)
    })

    it(`X01 reads ${name} from a byte stream`, async () => {
      assert.deepEqual(
        await collect(readSse(byteBodyOf(text.match(/.{1,7}/gsu)!), live())),
        expected,
      )
    })
  }

  it('gives events that came together as one batch', async () => {
    const { body } = bodyOf(['data: a\n\ndata: b\n\n', 'data: c'])
    assert.deepEqual(await Array.fromAsync(readSse(body, live())), [
      [{ data: 'a' }, { data: 'b' }],
      [{ data: 'c' }],
    ])
  })

  it('gives no empty batches', async () => {
    const { body } = bodyOf([': ping\n\n', 'data: a', '\n', '\n', ': ping\n\n'])
    assert.deepEqual(await Array.fromAsync(readSse(body, live())), [[{ data: 'a' }]])
  })

  it('gives a batch at once, though the rest is not there', async () => {
    const { body, send } = handFed()
    const batches = readSse(body, live())
    send('data: a\n\ndata: b')
    assert.deepEqual(await batches.next(), { done: false, value: [{ data: 'a' }] })
    await batches.return?.()
  })

  it('X19 refuses an event beyond the limit and closes the source', async () => {
    const { body, send, seen } = handFed()
    const batches = readSse(body, { ...live(), maxEventBytes: 8 })
    send('data: a\n\ndata: 123456789\n\ndata: b\n\n')
    assert.deepEqual(await batches.next(), { done: false, value: [{ data: 'a' }] })
    send('data: c\n\n')
    await assert.rejects(batches.next(), failsWith('upstream_invalid_response'))
    assert.equal(seen.cancelled, true)
    assert.deepEqual(await batches.next(), END)
  })

  it('X17 calls a reset incomplete, after what came before it', async () => {
    const { body, send, fail } = handFed()
    const reset = new TypeError('terminated')
    const batches = readSse(body, live())
    send('data: a\n\n')
    assert.deepEqual(await batches.next(), { done: false, value: [{ data: 'a' }] })
    const waiting = batches.next()
    fail(reset)
    await assert.rejects(waiting, failsWith('upstream_incomplete', reset))
    assert.deepEqual(await batches.next(), END)
  })

  it('times out when nothing comes, and closes the source', async () => {
    const { body, send, seen } = handFed()
    const batches = readSse(body, { ...live(), idleMs: 40 })
    send('data: a\n\n')
    await batches.next()
    await assert.rejects(batches.next(), failsWith('upstream_timeout'))
    assert.equal(seen.cancelled, true)
  })

  it('counts only the time it waits', async () => {
    const { body, send, close } = handFed()
    await withFakeClock(async (clock) => {
      const batches = readSse(body, { ...live(), idleMs: 40 })
      send('data: a\n\n')
      await batches.next()
      await clock.advance(100)
      send('data: b\n\n')
      close()
      assert.deepEqual(await collect(batches), [{ data: 'b' }])
    })
  })

  it('does not time out while comments come', () =>
    withFakeClock(async (clock) => {
      const { body, send, close } = handFed()
      const reading = collect(readSse(body, { ...live(), idleMs: 60 }))
      for (let i = 0; i < 6; i++) {
        await clock.advance(20)
        send(': ping\n\n')
      }
      await clock.advance(59)
      send('data: a\n\n')
      close()
      assert.deepEqual(await reading, [{ data: 'a' }])
    }))
})

describe('readSse() and its signal', () => {
  it('closes the source while a read waits', async () => {
    const { body, seen } = handFed()
    const abort = new AbortController()
    const waiting = readSse(body, abort).next()
    abort.abort()
    assert.equal(seen.cancelled, true)
    await assert.rejects(waiting, failsWith('client_closed', abort.signal.reason))
  })

  it('closes the source before anybody iterates', async () => {
    const { body, seen } = handFed()
    const abort = new AbortController()
    const batches = readSse(body, abort)
    abort.abort()
    assert.equal(seen.cancelled, true)
    await assert.rejects(batches.next(), failsWith('client_closed', abort.signal.reason))
    assert.deepEqual(await batches.next(), END)
  })

  it('closes the source of a signal aborted already', async () => {
    const { body, seen } = handFed()
    const batches = readSse(body, { signal: AbortSignal.abort() })
    assert.equal(seen.cancelled, true)
    await assert.rejects(batches.next(), failsWith('client_closed'))
  })

  it('throws the reason when it is an ApiError', async () => {
    const reason = new ApiError('overloaded', 'Cannot go on: the server is closing')
    const abort = new AbortController()
    const waiting = readSse(handFed().body, abort).next()
    abort.abort(reason)
    await assert.rejects(waiting, (error) => error === reason)
  })

  it('gives nothing that waits to be read', async () => {
    const { body, send } = handFed()
    const abort = new AbortController()
    const batches = readSse(body, abort)
    send('data: a\n\n')
    abort.abort()
    await assert.rejects(batches.next(), failsWith('client_closed'))
  })

  it('says that the request was aborted when the source fails by it', async () => {
    const { body, fail } = handFed()
    const abort = new AbortController()
    abort.signal.addEventListener('abort', () => fail(new Error('aborted')))
    const waiting = readSse(body, abort).next()
    abort.abort()
    await assert.rejects(waiting, failsWith('client_closed'))
  })

  it('is not listened to after the end', async () => {
    const signal = new CountingSignal()
    await collect(readSse(bodyOf(['data: a\n\n']).body, { signal: signal.asSignal() }))
    assert.equal(signal.listeners, 0)
  })
})

describe('readSse().return()', () => {
  it('closes the source when a loop is left', async () => {
    const { body, seen } = bodyOf(['data: a\n\n', 'data: b\n\n', 'data: c\n\n'])
    for await (const batch of readSse(body, live())) {
      assert.deepEqual(batch, [{ data: 'a' }])
      break
    }
    assert.equal(seen.cancelled, true)
  })

  it('ends a read that waits', async () => {
    const { body, seen } = handFed()
    const batches = readSse(body, live())
    const waiting = batches.next()
    assert.deepEqual(await batches.return?.(), END)
    assert.deepEqual(await waiting, END)
    assert.equal(seen.cancelled, true)
  })

  it('drops a message that is not complete', async () => {
    const { body, send } = handFed()
    const batches = readSse(body, live())
    send('data: {"half":')
    const waiting = batches.next()
    await after(5)
    await batches.return?.()
    assert.deepEqual(await waiting, END)
  })

  it('works before anybody iterates', async () => {
    const { body, seen } = handFed()
    const batches: SseBatches = readSse(body, live())
    await batches.return?.()
    assert.equal(seen.cancelled, true)
    assert.deepEqual(await batches.next(), END)
  })
})

const END = { done: true, value: undefined }

function live(): { signal: AbortSignal } {
  return { signal: new AbortController().signal }
}

function failsWith(code: ApiError['code'], cause?: unknown) {
  return (error: unknown) =>
    error instanceof ApiError && error.code === code &&
    (cause === undefined || error.cause === cause)
}

/** Knows how many are listening, which a real signal does not tell. */
class CountingSignal extends EventTarget {
  listeners = 0
  aborted = false

  override addEventListener(): void {
    this.listeners++
  }

  override removeEventListener(): void {
    this.listeners--
  }

  asSignal(): AbortSignal {
    // Only the members above are used.
    return this as unknown as AbortSignal
  }
}
