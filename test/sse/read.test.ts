import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ApiError } from '../../src/errors.ts'
import { readDecoded, type ReadEnd } from '../../src/sse/read.ts'
import { RECORDINGS } from './recordings.ts'
import { after, bodyOf, byteBodyOf, collect, manualBody, readSse } from './streams.ts'
import { withFakeClock } from '../fake-clock.ts'

describe('readDecoded()', () => {
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

  it('returns events of one chunk as one batch', async () => {
    const { body } = bodyOf(['data: a\n\ndata: b\n\n', 'data: c'])
    assert.deepEqual(await Array.fromAsync(readSse(body, live())), [
      [{ data: 'a' }, { data: 'b' }],
      [{ data: 'c' }],
    ])
  })

  it('returns no empty batches', async () => {
    const { body } = bodyOf([': ping\n\n', 'data: a', '\n', '\n', ': ping\n\n'])
    assert.deepEqual(await Array.fromAsync(readSse(body, live())), [[{ data: 'a' }]])
  })

  it('returns a batch immediately, before the rest has arrived', async () => {
    const { body, send } = manualBody()
    const batches = readSse(body, live())
    send('data: a\n\ndata: b')
    assert.deepEqual(await batches.next(), { done: false, value: [{ data: 'a' }] })
    await batches.return?.()
  })

  it('X19 rejects an event over the limit and closes the body', async () => {
    const { body, send, seen } = manualBody()
    const batches = readSse(body, { ...live(), maxEventBytes: 8 })
    send('data: a\n\ndata: 123456789\n\ndata: b\n\n')
    assert.deepEqual(await batches.next(), { done: false, value: [{ data: 'a' }] })
    send('data: c\n\n')
    await assert.rejects(batches.next(), failsWith('upstream_invalid_response'))
    assert.equal(seen.cancelled, true)
    assert.deepEqual(await batches.next(), END)
  })

  it('X17 reports a reset as upstream_incomplete, after the events before it', async () => {
    const { body, send, fail } = manualBody()
    const reset = new TypeError('terminated')
    const batches = readSse(body, live())
    send('data: a\n\n')
    assert.deepEqual(await batches.next(), { done: false, value: [{ data: 'a' }] })
    const waiting = batches.next()
    fail(reset)
    await assert.rejects(waiting, failsWith('upstream_incomplete', reset))
    assert.deepEqual(await batches.next(), END)
  })

  it('times out when no data arrives, and closes the body', async () => {
    const { body, send, seen } = manualBody()
    const batches = readSse(body, { ...live(), idleMs: 40 })
    send('data: a\n\n')
    await batches.next()
    await assert.rejects(batches.next(), failsWith('upstream_timeout'))
    assert.equal(seen.cancelled, true)
  })

  it('counts only the time of a pending read', async () => {
    const { body, send, close } = manualBody()
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

  it('does not time out while comments arrive', () =>
    withFakeClock(async (clock) => {
      const { body, send, close } = manualBody()
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

describe('readDecoded() and its signal', () => {
  it('closes the body during a pending read', async () => {
    const { body, seen } = manualBody()
    const abort = new AbortController()
    const waiting = readSse(body, abort).next()
    abort.abort()
    assert.equal(seen.cancelled, true)
    await assert.rejects(waiting, failsWith('client_closed', abort.signal.reason))
  })

  it('closes the body before the first read', async () => {
    const { body, seen } = manualBody()
    const abort = new AbortController()
    const batches = readSse(body, abort)
    abort.abort()
    assert.equal(seen.cancelled, true)
    await assert.rejects(batches.next(), failsWith('client_closed', abort.signal.reason))
    assert.deepEqual(await batches.next(), END)
  })

  it('closes the body for a signal that is already aborted', async () => {
    const { body, seen } = manualBody()
    const batches = readSse(body, { signal: AbortSignal.abort() })
    assert.equal(seen.cancelled, true)
    await assert.rejects(batches.next(), failsWith('client_closed'))
  })

  it('throws the reason when it is an ApiError', async () => {
    const reason = new ApiError('overloaded', 'The server is shutting down')
    const abort = new AbortController()
    const waiting = readSse(manualBody().body, abort).next()
    abort.abort(reason)
    await assert.rejects(waiting, (error) => error === reason)
  })

  it('discards unread events', async () => {
    const { body, send } = manualBody()
    const abort = new AbortController()
    const batches = readSse(body, abort)
    send('data: a\n\n')
    abort.abort()
    await assert.rejects(batches.next(), failsWith('client_closed'))
  })

  it('throws client_closed when the abort makes the body fail', async () => {
    const { body, fail } = manualBody()
    const abort = new AbortController()
    abort.signal.addEventListener('abort', () => fail(new Error('aborted')))
    const waiting = readSse(body, abort).next()
    abort.abort()
    await assert.rejects(waiting, failsWith('client_closed'))
  })

  it('has no listeners after the end', async () => {
    const signal = new CountingSignal()
    await collect(readSse(bodyOf(['data: a\n\n']).body, { signal: signal.asSignal() }))
    assert.equal(signal.listeners, 0)
  })
})

describe('readDecoded().return()', () => {
  it('closes the body when a loop breaks', async () => {
    const { body, seen } = bodyOf(['data: a\n\n', 'data: b\n\n', 'data: c\n\n'])
    for await (const batch of readSse(body, live())) {
      assert.deepEqual(batch, [{ data: 'a' }])
      break
    }
    assert.equal(seen.cancelled, true)
  })

  it('ends a pending read', async () => {
    const { body, seen } = manualBody()
    const batches = readSse(body, live())
    const waiting = batches.next()
    assert.deepEqual(await batches.return?.(), END)
    assert.deepEqual(await waiting, END)
    assert.equal(seen.cancelled, true)
  })

  it('discards an incomplete message', async () => {
    const { body, send } = manualBody()
    const batches = readSse(body, live())
    send('data: {"half":')
    const waiting = batches.next()
    await after(5)
    await batches.return?.()
    assert.deepEqual(await waiting, END)
  })

  it('closes the body before the first read', async () => {
    // Without any call of `next()`.
    const { body, seen } = manualBody()
    const batches = readSse(body, live())
    await batches.return?.()
    assert.equal(seen.cancelled, true)
    assert.deepEqual(await batches.next(), END)
  })
})

describe('readDecoded().peek()', () => {
  it('returns the result of the following next()', async () => {
    const batches = readSse(bodyOf(['data: a\n\n', 'data: b\n\n']).body, live())
    const first = { done: false, value: [{ data: 'a' }] }
    assert.deepEqual(await batches.peek(), first)
    assert.deepEqual(await batches.peek(), first)
    assert.deepEqual(await collect(batches), [{ data: 'a' }, { data: 'b' }])
  })
})

describe('readDecoded() and a decoder that needs no more', () => {
  it('returns even an empty batch, and does not read on', async () => {
    const { body, send } = manualBody()
    const decoder = {
      done: false,
      push(): readonly string[] {
        this.done = true
        return []
      },
      end: () => [],
    }
    const batches = readDecoded(body, decoder, live())
    send('data: [DONE]\n\n')
    assert.deepEqual(await batches.next(), { done: false, value: [] })
    await batches.return?.()
  })
})

describe('readDecoded() and its onEnd()', () => {
  it('reports a complete body once, and the last read waits for the result', async () => {
    const { ends, options } = ended(() => recording.promise)
    const recording = Promise.withResolvers<void>()
    const batches = readSse(bodyOf(['data: a\n\n']).body, options)
    await batches.next()
    let isOver = false
    const last = batches.next().then((result) => {
      isOver = true
      return result
    })
    await after(5)
    assert.deepEqual(ends, [{ type: 'complete' }])
    assert.equal(isOver, false)
    recording.resolve()
    assert.deepEqual(await last, END)
    await batches.return?.()
    assert.deepEqual(ends, [{ type: 'complete' }])
  })

  it('fails the last read if the result rejects', async () => {
    const error = new Error('full')
    const { ends, options } = ended(() => Promise.reject(error))
    await assert.rejects(collect(readSse(bodyOf(['data: a\n\n']).body, options)), error)
    assert.deepEqual(ends, [{ type: 'complete' }])
  })

  it('reports the error that a read throws', async () => {
    const { ends, options } = ended()
    const { body, fail } = manualBody()
    const waiting = readSse(body, options).next()
    fail(new TypeError('terminated'))
    const error: unknown = await waiting.catch((thrown) => thrown)
    assert.deepEqual(ends, [{ type: 'failed', error }])
  })

  it('reports a reader that stops', async () => {
    const { ends, options } = ended()
    const batches = readSse(manualBody().body, options)
    await batches.return?.()
    await batches.return?.()
    assert.deepEqual(ends, [{ type: 'cancelled' }])
  })
})

const END = { done: true, value: undefined }

function ended(onEnd: (end: ReadEnd) => Promise<void> | void = () => {}) {
  const ends: ReadEnd[] = []
  const options = {
    ...live(),
    onEnd(end: ReadEnd) {
      ends.push(end)
      return onEnd(end)
    },
  }
  return { ends, options }
}

function live(): { signal: AbortSignal } {
  return { signal: new AbortController().signal }
}

function failsWith(code: ApiError['code'], cause?: unknown) {
  return (error: unknown) =>
    error instanceof ApiError && error.code === code &&
    (cause === undefined || error.cause === cause)
}

/** Counts listeners, which a real signal does not expose. */
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
