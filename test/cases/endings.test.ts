import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { DEFAULT_TIMEOUTS } from '../../src/oci/context.ts'
import { openTestGateway } from './gateway.ts'
import { readBrokenStream } from './read-stream.ts'
import { aborted, brokenOff, dataOf, events, finish, inTurn, piece, sse, text } from './upstream.ts'

const MODEL = 'meta.llama-3.3-70b-instruct'
const MESSAGES = [{ role: 'user', content: 'Hi' }]
const BODY = { model: MODEL, messages: MESSAGES, stream_options: { include_usage: true } }
const PIECE = piece(text('Hello'))

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
  [
    'S16 sends the usage that OCI reports after the finish reason',
    [PIECE, finish(), COUNTED],
    USAGE,
  ],
  [
    'S17 sends the usage that OCI reports with the finish reason',
    [PIECE, finish('stop', COUNTED)],
    USAGE,
  ],
  ['S18 sends no usage when OCI reports none', [PIECE, finish()], undefined],
  ['S19 sends a single [DONE] when OCI sends one', [PIECE, finish(), COUNTED, '[DONE]'], USAGE],
  ['S20 sends [DONE] when OCI sends none', [PIECE, finish(), COUNTED], USAGE],
]

describe('POST /v1/chat/completions at the end of a stream', () => {
  for (const [name, upstream, expected] of whole) {
    it(name, async () => {
      const { stream } = await openTestGateway({ upstream: events(...upstream) })
      const { messages, finishReasons, usage } = await stream(BODY)
      assert.deepEqual(messages.map(({ content }) => content), ['Hello'])
      assert.deepEqual(finishReasons, ['stop'])
      assert.deepEqual(usage, expected)
    })
  }

  it('S20 ends normally without a blank line after the last event', async () => {
    const stream = dataOf(PIECE) + dataOf(finish()).trimEnd()
    const gateway = await openTestGateway({ upstream: sse(stream) })
    const { finishReasons } = await gateway.stream(BODY)
    assert.deepEqual(finishReasons, ['stop'])
  })

  it('S21 ends the stream soon after the finish reason and aborts a call that stays open', async () => {
    assert.equal(DEFAULT_TIMEOUTS.usageGrace, 2_000)
    const { stream } = await openTestGateway({
      config: { timeouts: { usageGraceSeconds: 1 } },
      upstream: brokenOff([PIECE, finish(), COUNTED], 'open'),
    })
    const { finishReasons, usage, calls: [call] } = await stream(BODY)
    assert.deepEqual([finishReasons, usage], [['stop'], USAGE])
    assert.ok(call?.signal.aborted)
  })

  for (const tail of ['reset', 'end'] as const) {
    it(`S22 ends with an error event when OCI ends early (${tail})`, async () => {
      const upstream = tail === 'end' ? events(PIECE) : brokenOff([PIECE], 'reset')
      const gateway = await openTestGateway({ upstream })
      const response = await post(gateway.fetch)
      const { text, error } = await readBrokenStream(response)
      assert.equal(text, 'Hello')
      const { message, ...rest } = error
      assert.match(message, /stream was interrupted/)
      assert.deepEqual(rest, { type: 'api_error', param: null, code: 'upstream_incomplete' })
      assert.equal(gateway.calls.length, 1)
    })

    it(`S23 answers 502 after three calls when OCI ends before the first event (${tail})`, async () => {
      const upstream = tail === 'end' ? events() : brokenOff([], 'reset')
      const { fail } = await openTestGateway({ upstream })
      const { status, headers, error, sent } = await fail({ ...BODY, stream: true })
      assert.equal(status, 502)
      assert.match(headers.get('content-type') ?? '', /^application\/json/)
      assert.deepEqual([error.type, error.code], ['api_error', 'upstream_incomplete'])
      assert.equal(sent.length, 3)
    })
  }

  it('S23 streams normally when a retry succeeds', async () => {
    const { stream } = await openTestGateway({
      upstream: inTurn(events(), events(PIECE, finish())),
    })
    const { messages, sent } = await stream(BODY)
    assert.deepEqual(messages.map(({ content }) => content), ['Hello'])
    assert.equal(sent.length, 2)
  })

  it('S34 retries an empty stream', async () => {
    const { stream } = await openTestGateway({
      upstream: inTurn(events(finish()), events(PIECE, finish())),
    })
    const { messages, sent } = await stream(BODY)
    assert.deepEqual(messages.map(({ content }) => content), ['Hello'])
    assert.equal(sent.length, 2)
  })

  it('S34 passes the third empty stream on as an empty answer', async () => {
    const { stream } = await openTestGateway({ upstream: events(finish()) })
    const { messages, finishReasons, sent } = await stream(BODY)
    assert.deepEqual(messages.map(({ content }) => content), [''])
    assert.deepEqual(finishReasons, ['stop'])
    assert.equal(sent.length, 3)
  })
})

describe('POST /v1/chat/completions while streaming', () => {
  it('S36 sends the first piece before OCI has sent the next', async () => {
    const clientRead = Promise.withResolvers<void>()
    const gateway = await openTestGateway({
      upstream: () => {
        const encoder = new TextEncoder()
        const rest = [PIECE, finish()].map((event) => encoder.encode(dataOf(event)))
        const body = new ReadableStream<Uint8Array>({
          async pull(controller) {
            const bytes = rest.shift()
            if (rest.length === 0) await clientRead.promise
            if (bytes) controller.enqueue(bytes)
            else controller.close()
          },
        }, { highWaterMark: 0 })
        return sse(body)()
      },
    })
    const reader = readerOf(await post(gateway.fetch))
    let received = ''
    while (!received.includes('Hello')) received += await reader()
    clientRead.resolve()
    for (let next; (next = await reader()) !== undefined;) received += next
    assert.match(received, /"finish_reason":"stop"[^]*\[DONE\]\n\n$/)
  })

  it('S36 reads at most a few buffers ahead of the client over ten thousand pieces', async () => {
    const source = counting(10_000)
    const gateway = await openTestGateway({ upstream: source.upstream })
    const reader = readerOf(await post(gateway.fetch))
    let ahead = 0
    let received = 0
    for (let next; (next = await reader()) !== undefined;) {
      received += next.split('"content":"piece').length - 1
      ahead = Math.max(ahead, source.sent() - received)
    }
    assert.equal(received, 10_000)
    assert.ok(ahead <= MAX_AHEAD, `${ahead} pieces ahead`)
  })

  it('X14 stops reading OCI while the client does not read', async () => {
    const source = counting(1_000_000)
    const gateway = await openTestGateway({ upstream: source.upstream })
    const reader = readerOf(await post(gateway.fetch))
    await reader()
    await pause(100)
    const soon = source.sent()
    await pause(100)
    const later = source.sent()
    await reader.cancel()
    await pause(10)
    assert.ok(soon <= MAX_AHEAD, `${soon} pieces read ahead`)
    assert.equal(later, soon)
    assert.ok(gateway.calls[0]?.signal.aborted)
  })
})

/** Pieces in the three bursts of 64 KiB that may be in progress: one collected and two sent. */
const MAX_AHEAD = 3 * 64 * 1024 / dataOf(piece(text('piece 1'))).length

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

function post(
  fetch: (path: string, init: RequestInit) => Promise<Response>,
): Promise<Response> {
  const body = JSON.stringify({ ...BODY, stream: true })
  return fetch('/v1/chat/completions', { method: 'POST', body })
}

/** Returns a function that reads the next text of a body, or `undefined` at the end. */
function readerOf({ body }: Response) {
  const reader = body!.pipeThrough(new TextDecoderStream()).getReader()
  const next = async () => (await reader.read()).value
  return Object.assign(next, { cancel: () => reader.cancel() })
}

/** A stream of `total` pieces, one for each read, with a counter of the pieces sent. */
function counting(total: number) {
  const encoder = new TextEncoder()
  let sent = 0
  const upstream = ({ signal }: { signal: AbortSignal }) => {
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        void aborted(signal).then(() => {
          if (sent < total) controller.error(signal.reason)
        })
      },
      pull(controller) {
        if (sent === total) {
          controller.enqueue(encoder.encode(dataOf(finish())))
          return controller.close()
        }
        controller.enqueue(encoder.encode(dataOf(piece(text(`piece ${sent++}`)))))
      },
    }, { highWaterMark: 0 })
    return sse(body)()
  }
  return { upstream, sent: () => sent }
}
