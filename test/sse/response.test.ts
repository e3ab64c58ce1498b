import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ApiError, clientClosed } from '../../src/errors.ts'
import {
  sseResponse,
  type SseResponseOptions,
  type SseText,
  type StreamOutcome,
} from '../../src/sse/response.ts'
import { after, bodyOf, manualBody, readSse, timersLeft } from './streams.ts'
import { withFakeClock } from '../fake-clock.ts'

const HEARTBEAT = ': keep-alive\n\n'

describe('sseResponse()', () => {
  it('X18 sends the headers of a stream', () => {
    const { headers, status } = sseResponse(from([]), options())
    assert.equal(status, 200)
    assert.deepEqual([...headers], [
      ['cache-control', 'no-cache, no-transform'],
      ['content-type', 'text/event-stream; charset=utf-8'],
      ['x-accel-buffering', 'no'],
    ])
  })

  it('X18 adds headers and does not replace its own', () => {
    const extra = { 'x-request-id': 'r1', 'Content-Type': 'text/html', 'Cache-Control': 'public' }
    const { headers } = sseResponse(from([]), options({ headers: extra }))
    assert.equal(headers.get('x-request-id'), 'r1')
    assert.equal(headers.get('content-type'), 'text/event-stream; charset=utf-8')
    assert.equal(headers.get('cache-control'), 'no-cache, no-transform')
    assert.equal(headers.has('content-length'), false)
  })

  it('sends each batch in one chunk, in order', async () => {
    const { ended, settings } = recorded()
    const reply = sseResponse(from(['data: a\n\ndata: b\n\n', 'data: é\n\n']), settings)
    assert.deepEqual(await pieces(reply), ['data: a\n\ndata: b\n\n', 'data: é\n\n'])
    assert.deepEqual(ended, ['complete'])
    assert.equal(settings.abort.signal.aborted, false)
  })

  it('skips batches without text', async () => {
    const reply = sseResponse(from(['', 'data: a\n\n', '', '', 'data: b\n\n', '']), options())
    assert.deepEqual(await pieces(reply), ['data: a\n\n', 'data: b\n\n'])
  })

  it('encodes each batch, and skips what is empty then', async () => {
    const encode = (batch: SseText) => batch === 'data: b\n\n' ? '' : `: encoded\n${batch}`
    const reply = sseResponse(
      from(['data: a\n\n', 'data: b\n\n']),
      options({ encoder: { encode } }),
    )
    assert.deepEqual(await pieces(reply), [': encoded\ndata: a\n\n'])
  })

  it('sends the events of the start before a batch arrives, and those of the end last', async () => {
    const { body, send, close } = manualBody()
    const encoder = { ...PLAIN, start: () => 'data: start\n\n', end: () => 'data: end\n\n' }
    const { ended, settings } = recorded({ encoder })
    const reader = sseResponse(texts(readSse(body, settings.abort)), settings).body!.getReader()
    assert.equal(await read(reader), 'data: start\n\n')
    send('data: a\n\n')
    assert.equal(await read(reader), 'data: a\n\n')
    close()
    assert.deepEqual(await remaining(reader), ['data: end\n\n'])
    assert.deepEqual(ended, ['complete'])
  })

  it('sends nothing before it is stored, and an error if it cannot be', async () => {
    const storing = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    let at = 0
    const encoder = { ...PLAIN, stored: () => storing[at++]?.promise }
    const { ended, settings } = recorded({ encoder })
    const reader = sseResponse(from(['data: a\n\n', 'data: b\n\n']), settings).body!.getReader()
    const first = read(reader)
    await after(5)
    assert.equal(at, 1)
    storing[0]!.resolve()
    assert.equal(await first, 'data: a\n\n')
    storing[1]!.reject(new Error('full'))
    assert.deepEqual(await remaining(reader), ['data: {"error":"full"}\n\n'])
    assert.deepEqual(ended, ['failed'])
  })

  it('X14 reads from OCI only as fast as the client reads', async () => {
    const { body, seen } = bodyOf(endless())
    const settings = options()
    const reader = sseResponse(texts(readSse(body, settings.abort)), settings).body!.getReader()
    await reader.read()
    await after(50)
    const idle = seen.bytes
    assert.ok(idle < 256 * 1024, `${idle} bytes taken while the client was idle`)
    await after(50)
    assert.equal(seen.bytes, idle)
    for (let i = 0; i < 20; i++) await reader.read()
    assert.ok(seen.bytes > idle)
    await reader.cancel()
    assert.equal(seen.cancelled, true)
  })
})

describe('sseResponse() that fails', () => {
  it('X17 sends one error event, then ends', async () => {
    const { ended, settings } = recorded()
    const reply = sseResponse(failing(['data: a\n\n'], new Error('reset')), settings)
    assert.deepEqual(await pieces(reply), ['data: a\n\n', 'data: {"error":"reset"}\n\n'])
    assert.deepEqual(ended, ['failed'])
    assert.equal(settings.abort.signal.aborted, true)
  })

  it('sends one error event when a batch cannot be encoded', async () => {
    const encoder = {
      encode() {
        throw new Error('unreadable')
      },
    }
    const { ended, settings } = recorded({ encoder })
    const reply = sseResponse(from(['data: a\n\n']), settings)
    assert.deepEqual(await pieces(reply), ['data: {"error":"unreadable"}\n\n'])
    assert.deepEqual(ended, ['failed'])
  })

  it('sends the error event even without events before it', async () => {
    const reply = sseResponse(failing([], new Error('reset')), options())
    assert.deepEqual(await pieces(reply), ['data: {"error":"reset"}\n\n'])
  })

  it('breaks off when the error event cannot be encoded', async () => {
    const { ended, settings } = recorded({
      onError() {
        throw new Error('not encodable')
      },
    })
    const reader = sseResponse(failing([], new Error('reset')), settings).body!.getReader()
    await assert.rejects(reader.read(), { message: 'not encodable' })
    assert.deepEqual(ended, ['failed'])
  })

  it('sends the error event when the request is aborted', async () => {
    const { body, send } = manualBody()
    const settings = options()
    const reader = sseResponse(texts(readSse(body, settings.abort)), settings).body!.getReader()
    send('data: a\n\n')
    assert.equal(await read(reader), 'data: a\n\n')
    settings.abort.abort()
    assert.equal(
      await read(reader),
      'data: {"error":"The client disconnected"}\n\n',
    )
    assert.equal(await read(reader), undefined)
  })
})

describe('sseResponse() without a reader', () => {
  it('F1: ends when the client disconnects before its first read', () => {
    const { ended, settings } = recorded()
    sseResponse(silence(), settings)
    settings.abort.abort(clientClosed('gone'))
    assert.deepEqual(ended, ['disconnected'])
  })

  it('F1: ends when the request was aborted before', () => {
    const { ended, settings } = recorded()
    settings.abort.abort(clientClosed('gone'))
    sseResponse(silence(), settings)
    assert.deepEqual(ended, ['disconnected'])
  })

  it('F1: does not throw when the runtime has already closed the stream', () => {
    const { ended, settings } = recorded({
      onError() {
        throw new TypeError('The stream controller cannot close or enqueue')
      },
    })
    sseResponse(silence(), settings)
    assert.doesNotThrow(() => settings.abort.abort(clientClosed('gone')))
    assert.deepEqual(ended, ['disconnected'])
  })

  it('F1: ends at the total timeout even if the client has stopped reading', async () => {
    const { body } = bodyOf(endless())
    const { ended, settings } = recorded()
    const reader = sseResponse(texts(readSse(body, settings.abort)), settings).body!.getReader()
    await reader.read()
    await after(5)
    settings.abort.abort(new ApiError('upstream_timeout', 'too long'))
    assert.deepEqual(ended, ['failed'])
  })
})

describe('sseResponse() and a client that disconnects', () => {
  it('closes an idle body', async () => {
    const { body, seen } = manualBody()
    const { ended, settings } = recorded()
    const reader = sseResponse(texts(readSse(body, settings.abort)), settings).body!.getReader()
    await after(5)
    await reader.cancel()
    assert.equal(seen.cancelled, true)
    assert.equal(settings.abort.signal.aborted, true)
    assert.deepEqual(ended, ['disconnected'])
  })

  it('does not wait for a pending batch', async () => {
    const { ended, settings } = recorded()
    const reader = sseResponse(silence(), settings).body!.getReader()
    await after(5)
    await reader.cancel()
    assert.deepEqual(ended, ['disconnected'])
  })

  it('ignores errors after the end', async () => {
    const errors: unknown[] = []
    const { body } = manualBody()
    const settings = options({ onError: (error) => String(errors.push(error)) })
    const reader = sseResponse(texts(readSse(body, settings.abort)), settings).body!.getReader()
    await after(5)
    await reader.cancel()
    await after(5)
    assert.deepEqual(errors, [])
  })

  it('ignores an error of the iterator on return()', async () => {
    const { ended, settings } = recorded()
    const stubborn: AsyncIterable<string> = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise(() => {}),
        return: () => Promise.reject(new Error('no')),
      }),
    }
    await sseResponse(stubborn, settings).body!.cancel()
    await after(5)
    assert.deepEqual(ended, ['disconnected'])
  })

  it('runs the cleanup of the generator', async () => {
    const log: string[] = []
    const reader = sseResponse(tidy(log), options()).body!.getReader()
    await reader.read()
    await reader.cancel()
    await after(5)
    assert.deepEqual(log, ['tidied'])
  })
})

describe('sseResponse() with a heartbeat', () => {
  it('X15 sends it after each idle time', () =>
    withFakeClock(async (clock) => {
      const { body, send, close } = manualBody()
      const settings = options({ heartbeat: { text: HEARTBEAT, ms: 40 } })
      const reader = sseResponse(texts(readSse(body, settings.abort)), settings).body!.getReader()
      const next = async () => {
        let text: string | undefined
        const began = clock.now
        void read(reader).then((read) => text = read)
        while (text === undefined && clock.now < began + 100) await clock.advance(1)
        return { text, waited: clock.now - began }
      }
      const first = await next()
      assert.equal(first.text, HEARTBEAT)
      assert.ok(first.waited >= 39 && first.waited <= 44, `after ${first.waited} ms`)
      assert.equal((await next()).text, HEARTBEAT)
      send('data: a\n\n')
      assert.equal((await next()).text, 'data: a\n\n')
      const last = await next()
      assert.equal(last.text, HEARTBEAT)
      assert.ok(last.waited >= 38 && last.waited <= 44, `after ${last.waited} ms`)
      close()
      assert.equal(await read(reader), undefined)
    }))

  it('X15 sends none while batches arrive', () =>
    withFakeClock(async (clock) => {
      const reply = sseResponse(paced(6, 99), options({ heartbeat: { text: HEARTBEAT, ms: 101 } }))
      const [read] = await Promise.all([pieces(reply), clock.advance(700)])
      assert.deepEqual(read, Array(6).fill('data: a\n\n'))
    }))

  it('X15 sends none when it is 0', async () => {
    const reply = sseResponse(paced(2, 30), options({ heartbeat: { text: HEARTBEAT, ms: 0 } }))
    assert.deepEqual(await pieces(reply), Array(2).fill('data: a\n\n'))
  })

  it('sends none to a slow client', async () => {
    const settings = options({ heartbeat: { text: HEARTBEAT, ms: 10 } })
    const reader = sseResponse(from(['data: a\n\n', 'data: b\n\n']), settings).body!.getReader()
    await after(60)
    assert.equal(await read(reader), 'data: a\n\n')
    assert.equal(await read(reader), 'data: b\n\n')
    assert.equal(await read(reader), undefined)
  })

  for (
    const [name, batches] of [
      ['the end', () => from(['data: a\n\n'])],
      ['an error', () => failing(['data: a\n\n'], new Error('reset'))],
    ] as const
  ) {
    it(`sends none after ${name}`, async () => {
      const reply = sseResponse(batches(), options({ heartbeat: { text: HEARTBEAT, ms: 10 } }))
      const reader = reply.body!.getReader()
      await read(reader)
      await after(40)
      const rest = await remaining(reader)
      assert.equal(rest.includes(HEARTBEAT), false)
    })
  }

  it('sends none after the client disconnected', async () => {
    const { body } = manualBody()
    const settings = options({ heartbeat: { text: HEARTBEAT, ms: 10 } })
    await sseResponse(texts(readSse(body, settings.abort)), settings).body!.cancel()
    await after(40)
  })

  it('leaves no timer when a batch arrives after the client disconnected', async () => {
    const settings = options({ heartbeat: { text: HEARTBEAT, ms: 10_000 } })
    const left = await timersLeft(async () => {
      const reader = sseResponse(paced(1, 20), settings).body!.getReader()
      await after(5)
      await reader.cancel()
      await after(40)
    })
    assert.equal(left, 0)
  })
})

type Options = SseResponseOptions<SseText>

const PLAIN = { encode: (batch: SseText) => batch }

function options(settings: Partial<Options> = {}): Options {
  return {
    abort: new AbortController(),
    encoder: PLAIN,
    onError: (error) => `data: ${JSON.stringify({ error: (error as Error).message })}\n\n`,
    ...settings,
  }
}

function recorded(settings: Partial<Options> = {}) {
  const ended: StreamOutcome[] = []
  return { ended, settings: options({ onEnd: (outcome) => ended.push(outcome), ...settings }) }
}

async function pieces(reply: Response): Promise<string[]> {
  return await remaining(reply.body!.getReader())
}

async function remaining(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<string[]> {
  const text = await read(reader)
  return text === undefined ? [] : [text, ...await remaining(reader)]
}

async function read(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<string | undefined> {
  const { value } = await reader.read()
  return value && new TextDecoder().decode(value)
}

async function* from(texts: readonly string[]): AsyncGenerator<string> {
  yield* texts
}

async function* failing(texts: readonly string[], error: Error): AsyncGenerator<string> {
  yield* texts
  throw error
}

async function* paced(count: number, ms: number): AsyncGenerator<string> {
  for (let i = 0; i < count; i++) {
    await after(ms)
    yield 'data: a\n\n'
  }
}

async function* silence(): AsyncGenerator<string> {
  await new Promise(() => {})
  yield ''
}

async function* tidy(log: string[]): AsyncGenerator<string> {
  try {
    for (;;) yield 'data: a\n\n'
  } finally {
    log.push('tidied')
  }
}

async function* texts(batches: ReturnType<typeof readSse>): AsyncGenerator<string> {
  for await (const batch of batches) yield batch.map(({ data }) => `data: ${data}\n\n`).join('')
}

function* endless(): Generator<string> {
  const text = `data: ${'x'.repeat(1000)}\n\n`
  for (;;) yield text
}
