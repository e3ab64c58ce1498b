import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { DEFAULT_TIMEOUTS } from '../../src/oci/context.ts'
import { openTestGateway } from './gateway.ts'
import { readBrokenStream } from './read-stream.ts'
import { aborted, brokenOff, dataOf, events, finish, inTurn, piece, sse, text } from './upstream.ts'

const MODEL = 'meta.llama-3.3-70b-instruct'
const MESSAGES = [{ role: 'user', content: 'Hi' }]
const BODY = { model: MODEL, messages: MESSAGES, stream_options: { include_usage: true } }
const SAID = piece(text('Hello'))

const COUNTED = {
  usage: {
    promptTokens: 5,
    completionTokens: 7,
    totalTokens: 12,
    promptTokensDetails: { cachedTokens: 3 },
    completionTokensDetails: { reasoningTokens: 2 },
  },
}
const USAGE = {
  prompt_tokens: 5,
  completion_tokens: 7,
  total_tokens: 12,
  prompt_tokens_details: { cached_tokens: 3 },
  completion_tokens_details: { reasoning_tokens: 2 },
}

type Case = [name: string, upstream: (object | string)[], usage: object | undefined]

const whole: Case[] = [
  ['S16 with the usage that comes after the finish', [SAID, finish(), COUNTED], USAGE],
  ['S17 with the usage that comes with the finish', [SAID, finish('stop', COUNTED)], USAGE],
  ['S18 without a usage that never came', [SAID, finish()], undefined],
  ['S19 with one [DONE] for that of OCI', [SAID, finish(), COUNTED, '[DONE]'], USAGE],
  ['S20 with [DONE] though OCI says none', [SAID, finish(), COUNTED], USAGE],
]

describe('POST /v1/chat/completions ends a stream', () => {
  for (const [name, upstream, expected] of whole) {
    it(name, async () => {
      const { stream } = await openTestGateway({ upstream: events(...upstream) })
      const { messages, finishReasons, usage } = await stream(BODY)
      assert.deepEqual(messages.map(({ content }) => content), ['Hello'])
      assert.deepEqual(finishReasons, ['stop'])
      assert.deepEqual(usage, expected)
    })
  }

  it('S20 that ends after its finish with no line of its own', async () => {
    const stream = dataOf(SAID) + dataOf(finish()).trimEnd()
    const gateway = await openTestGateway({ upstream: sse(stream) })
    const { finishReasons } = await gateway.stream(BODY)
    assert.deepEqual(finishReasons, ['stop'])
  })

  it('S21 soon after its finish though OCI stays open, and leaves OCI', async () => {
    assert.equal(DEFAULT_TIMEOUTS.grace, 2_000)
    const { stream } = await openTestGateway({
      config: { timeouts: { graceSeconds: 1 } },
      upstream: brokenOff([SAID, finish(), COUNTED], 'open'),
    })
    const { finishReasons, usage, calls: [call] } = await stream(BODY)
    assert.deepEqual([finishReasons, usage], [['stop'], USAGE])
    assert.ok(call?.signal.aborted)
  })

  for (const tail of ['reset', 'end'] as const) {
    it(`S22 with an error when OCI ended early by ${tail}`, async () => {
      const upstream = tail === 'end' ? events(SAID) : brokenOff([SAID], 'reset')
      const gateway = await openTestGateway({ upstream })
      const response = await post(gateway.fetch)
      const { text, error } = await readBrokenStream(response)
      assert.equal(text, 'Hello')
      const { message, ...rest } = error
      assert.match(message, /the stream was cut|the connection was lost/)
      assert.deepEqual(rest, { type: 'api_error', param: null, code: 'upstream_incomplete' })
      assert.equal(gateway.calls.length, 1)
    })

    it(`S23 before it began when OCI ended by ${tail}, with 502 after two more tries`, async () => {
      const upstream = tail === 'end' ? events() : brokenOff([], 'reset')
      const { fail } = await openTestGateway({ upstream })
      const { status, headers, error, sent } = await fail({ ...BODY, stream: true })
      assert.equal(status, 502)
      assert.match(headers.get('content-type') ?? '', /^application\/json/)
      assert.deepEqual([error.type, error.code], ['api_error', 'upstream_incomplete'])
      assert.equal(sent.length, 3)
    })
  }

  it('S23 not at all when another try brings it', async () => {
    const { stream } = await openTestGateway({
      upstream: inTurn(events(), events(SAID, finish())),
    })
    const { messages, sent } = await stream(BODY)
    assert.deepEqual(messages.map(({ content }) => content), ['Hello'])
    assert.equal(sent.length, 2)
  })

  it('S34 that says nothing after another try', async () => {
    const { stream } = await openTestGateway({
      upstream: inTurn(events(finish()), events(SAID, finish())),
    })
    const { messages, sent } = await stream(BODY)
    assert.deepEqual(messages.map(({ content }) => content), ['Hello'])
    assert.equal(sent.length, 2)
  })

  it('S34 that says nothing three times as an empty answer', async () => {
    const { stream } = await openTestGateway({ upstream: events(finish()) })
    const { messages, finishReasons, sent } = await stream(BODY)
    assert.deepEqual(messages.map(({ content }) => content), [''])
    assert.deepEqual(finishReasons, ['stop'])
    assert.equal(sent.length, 3)
  })
})

describe('POST /v1/chat/completions passes a stream on', () => {
  it('S36 from its first piece on', async () => {
    const heard = Promise.withResolvers<void>()
    const gateway = await openTestGateway({
      upstream: () => {
        const encoder = new TextEncoder()
        const rest = [SAID, finish()].map((event) => encoder.encode(dataOf(event)))
        const body = new ReadableStream<Uint8Array>({
          async pull(controller) {
            const bytes = rest.shift()
            if (rest.length === 0) await heard.promise
            if (bytes) controller.enqueue(bytes)
            else controller.close()
          },
        }, { highWaterMark: 0 })
        return sse(body)()
      },
    })
    const reader = readerOf(await post(gateway.fetch))
    let given = ''
    while (!given.includes('Hello')) given += await reader()
    heard.resolve()
    for (let more; (more = await reader()) !== undefined;) given += more
    assert.match(given, /"finish_reason":"stop"[^]*\[DONE\]\n\n$/)
  })

  it('S36 of ten thousand pieces, never far ahead of its reader', async () => {
    const source = counting(10_000)
    const gateway = await openTestGateway({ upstream: source.upstream })
    const reader = readerOf(await post(gateway.fetch))
    let ahead = 0
    let given = 0
    for (let more; (more = await reader()) !== undefined;) {
      given += more.split('"content":"piece').length - 1
      ahead = Math.max(ahead, source.given() - given)
    }
    assert.equal(given, 10_000)
    assert.ok(ahead <= MOST_AHEAD, `${ahead} pieces ahead`)
  })

  it('X14 no faster than it is read', async () => {
    const source = counting(1_000_000)
    const gateway = await openTestGateway({ upstream: source.upstream })
    const reader = readerOf(await post(gateway.fetch))
    await reader()
    await pause(100)
    const soon = source.given()
    await pause(100)
    const later = source.given()
    await reader.cancel()
    await pause(10)
    assert.ok(soon <= MOST_AHEAD, `${soon} pieces read for nobody`)
    assert.equal(later, soon)
    assert.ok(gateway.calls[0]?.signal.aborted)
  })
})

/** What fits into the bursts of 64 KiB that may be under way at once, one gathered and two given. */
const MOST_AHEAD = 3 * 64 * 1024 / dataOf(piece(text('piece 1'))).length

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

function post(
  fetch: (path: string, init: RequestInit) => Promise<Response>,
): Promise<Response> {
  const body = JSON.stringify({ ...BODY, stream: true })
  return fetch('/v1/chat/completions', { method: 'POST', body })
}

/** Gives the next text of a body, `undefined` at its end. */
function readerOf({ body }: Response) {
  const reader = body!.pipeThrough(new TextDecoderStream()).getReader()
  const next = async () => (await reader.read()).value
  return Object.assign(next, { cancel: () => reader.cancel() })
}

/** A stream of so many pieces, one at a read, which counts those it gave. */
function counting(total: number) {
  const encoder = new TextEncoder()
  let given = 0
  const upstream = ({ signal }: { signal: AbortSignal }) => {
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        void aborted(signal).then(() => {
          if (given < total) controller.error(signal.reason)
        })
      },
      pull(controller) {
        if (given === total) {
          controller.enqueue(encoder.encode(dataOf(finish())))
          return controller.close()
        }
        controller.enqueue(encoder.encode(dataOf(piece(text(`piece ${given++}`)))))
      },
    }, { highWaterMark: 0 })
    return sse(body)()
  }
  return { upstream, given: () => given }
}
