import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openTestGateway, type TestGateway } from './gateway.ts'
import { readBrokenStream, readStream } from './read-stream.ts'
import {
  brokenOff,
  dataOf,
  events,
  finish,
  inTurn,
  piece,
  refusing,
  saying,
  sse,
  text,
  type Upstream,
} from './upstream.ts'

const MODEL = 'meta.llama-3.3-70b-instruct'
const MESSAGES = [{ role: 'user', content: 'Hi' }]
const BODY = { model: MODEL, messages: MESSAGES }
const HEARTBEAT = { index: 0, delta: {}, logprobs: null, finish_reason: null }

/** Bodies that all say "日本 👋" and stop. */
const GREETING = dataOf(piece(text('日本 👋'))) + dataOf(finish())
const greetings: [name: string, body: string][] = [
  ['X03 with CR LF', GREETING.replaceAll('\n', '\r\n')],
  ['X03 with CR', GREETING.replaceAll('\n', '\r')],
  ['X03 with one newline between events', GREETING.replaceAll('\n\n', '\n')],
  ['X04 without a blank behind the colon', GREETING.replaceAll('data: ', 'data:')],
  ['X04 with two blanks behind the colon', GREETING.replaceAll('data: ', 'data:  ')],
  ['X05 over two lines of data', GREETING.replace('"message"', '\ndata: "message"')],
  [
    'X06 among comments, pings and other fields',
    `: ping\n\nevent: ping\ndata: {}\n\nid: 1\nretry: 5\n${GREETING}`,
  ],
  ['X07 without a blank line at the end', GREETING.trimEnd()],
  ['X08 behind a byte order mark', `\ufeff${GREETING}`],
]

describe('POST /v1/chat/completions reads a stream', () => {
  for (const [name, body] of greetings) {
    it(name, async () => {
      const { stream } = await openTestGateway({ upstream: sse(body) })
      const { messages, finishReasons } = await stream(BODY)
      assert.deepEqual(messages.map(({ content }) => content), ['日本 👋'])
      assert.deepEqual(finishReasons, ['stop'])
    })
  }

  it('X01 X02 cut at any byte', async () => {
    const bytes = new TextEncoder().encode(GREETING)
    for (let at = 1; at < bytes.length; at++) {
      const { stream } = await openTestGateway({
        upstream: () => sse(streamOf(bytes.slice(0, at), bytes.slice(at)))(),
      })
      const { messages } = await stream(BODY)
      assert.deepEqual(messages.map(({ content }) => content), ['日本 👋'], `cut at ${at}`)
    }
  })

  it('X09 that it asked for unencoded', async () => {
    const { stream } = await openTestGateway({ upstream: sse(GREETING) })
    const { calls: [call] } = await stream(BODY)
    assert.equal(call?.headers.get('accept-encoding'), 'identity')
  })

  it('X12 though OCI answers in one piece', async () => {
    const toolCalls = [{ type: 'FUNCTION', id: 'A', name: 'f', arguments: '{"x":1}' }]
    const usage = { promptTokens: 1, completionTokens: 2, totalTokens: 3 }
    const { stream } = await openTestGateway({
      upstream: saying({ ...text('Hello there'), toolCalls }, 'stop', { usage }),
    })
    const answer = await stream({ ...BODY, stream_options: { include_usage: true } })
    assert.deepEqual(answer.messages, [{
      role: 'assistant',
      content: 'Hello there',
      refusal: null,
      tool_calls: [{ id: 'A', type: 'function', function: { name: 'f', arguments: '{"x":1}' } }],
    }])
    assert.deepEqual(answer.finishReasons, ['tool_calls'])
    assert.deepEqual(answer.usage, { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 })
  })

  it('X19 with an event of 2 MB', async () => {
    const { stream } = await openTestGateway()
    const { messages } = await stream(simulated('big=2000000'))
    assert.match(messages[0]?.content ?? '', /x{2000000}/)
  })
})

type Broken = [
  name: string,
  upstream: Upstream,
  code: string,
  type: string,
  message: RegExp,
]

const OCI_ERROR = { code: '429', message: 'Too many requests for the given tenancy' }
const broken: Broken[] = [
  [
    'X10 at a line that is not JSON (design: something was lost)',
    events(piece(text('Hello')), '{"index":0,"mess', finish()),
    'upstream_invalid_response',
    'api_error',
    /not JSON/,
  ],
  [
    'X11 at an error of OCI',
    events(piece(text('Hello')), OCI_ERROR),
    'rate_limit_exceeded',
    'rate_limit_error',
    /Too many requests/,
  ],
  [
    'X11 at an error in the words of OpenAI',
    events(piece(text('Hello')), { error: { message: 'The server had an error' } }),
    'upstream_unavailable',
    'api_error',
    /The server had an error/,
  ],
  [
    'X17 when the connection is reset',
    brokenOff([piece(text('Hello'))], 'reset'),
    'upstream_incomplete',
    'api_error',
    /connection was lost/,
  ],
  [
    'X19 at an event beyond the limit',
    events(piece(text('Hello')), piece(text('x'.repeat(5_000_000))), finish()),
    'upstream_invalid_response',
    'api_error',
    /larger than/,
  ],
  [
    'X16 when nothing more comes',
    brokenOff([piece(text('Hello'))], 'open'),
    'upstream_timeout',
    'timeout_error',
    /no bytes for 100 ms/,
  ],
]

describe('POST /v1/chat/completions breaks a stream off', () => {
  for (const [name, upstream, code, type, message] of broken) {
    it(name, async () => {
      const gateway = await openTestGateway({
        upstream,
        config: { timeouts: { idleSeconds: 0.1 } },
      })
      const { text, error } = await readBrokenStream(await open(gateway, BODY))
      assert.equal(text, 'Hello')
      assert.match(error.message, message)
      assert.deepEqual(error, { message: error.message, type, param: null, code })
      assert.equal(gateway.calls.length, 1)
    })
  }
})

describe('POST /v1/chat/completions answers before a stream', () => {
  it('X09 with 502 for an encoding that nobody asked for', async () => {
    const headers = { 'content-encoding': 'zstd' }
    const { fail } = await openTestGateway({ upstream: sse('\x28\xb5\x2f\xfd', headers) })
    const { status, error } = await fail({ ...BODY, stream: true })
    assert.deepEqual([status, error.code], [502, 'upstream_invalid_response'])
    assert.match(error.message, /"zstd"/)
  })

  it('X11 with 429 for an error that came first, after two more tries', async () => {
    const { fail } = await openTestGateway({ upstream: events(OCI_ERROR) })
    const { status, headers, error, sent } = await fail({ ...BODY, stream: true })
    assert.deepEqual([status, error.code, sent.length], [429, 'rate_limit_exceeded', 3])
    assert.equal(headers.get('retry-after'), '1')
  })

  it('X16 with 504 when OCI says nothing in time, and does not ask again', async () => {
    const { fail } = await openTestGateway({ config: { timeouts: { answerSeconds: 0.1 } } })
    for (const stream of [true, false]) {
      const { status, headers, error, sent, calls } = await fail({ ...simulated('silent'), stream })
      assert.equal(status, 504)
      assert.match(headers.get('content-type') ?? '', /^application\/json/)
      assert.deepEqual([error.type, error.code], ['timeout_error', 'upstream_timeout'])
      assert.equal(sent.length, 1)
      assert.ok(calls[0]?.signal.aborted)
    }
  })
})

describe('POST /v1/chat/completions limits the time of a whole answer', () => {
  const config = { timeouts: { totalSeconds: 0.1 } }

  it('C3 with 504 for one that is silent', async () => {
    const { fail } = await openTestGateway({ config })
    const { status, error, calls } = await fail(simulated('silent'))
    assert.deepEqual([status, error.code], [504, 'upstream_timeout'])
    assert.match(error.message, /not complete after 0.1 seconds/)
    assert.ok(calls[0]?.signal.aborted)
  })

  it('C3 with an error for a stream that goes on and on', async () => {
    const { fetch } = await openTestGateway({
      // Long enough for the first words on a busy machine: without them the answer is a 504.
      config: { timeouts: { totalSeconds: 1.5 } },
      upstream: brokenOff([piece(text('Hi'))], 'open'),
    })
    const response = await fetch('/v1/chat/completions', {
      method: 'POST',
      body: JSON.stringify({ ...BODY, stream: true }),
    })
    const { error } = await readBrokenStream(response)
    assert.equal(error.code, 'upstream_timeout')
  })
})

const BEATS = { heartbeatSeconds: 0.02, timeouts: { commitSeconds: 0.05 } }

describe('POST /v1/chat/completions keeps a stream alive', () => {
  const moments: [where: string, before: object[], after: object[]][] = [
    ['before', [], [piece(text('PONG')), finish()]],
    ['amid', [piece(text('PO'))], [piece(text('NG')), finish()]],
  ]
  for (const [where, before, after] of moments) {
    it(`X15 with chunks that say nothing ${where} the answer`, async () => {
      const { upstream, resume } = interrupted(before, after)
      const gateway = await openTestGateway({ config: BEATS, upstream })
      const response = await resumeAfterBeats(await open(gateway, BODY), 2, resume)
      const { chunks, messages } = await readStream(response, BODY)
      const beats = chunks.slice(0, -1).filter(({ choices }) =>
        choices.some(({ delta, finish_reason }) =>
          Object.keys(delta).length === 0 && finish_reason === null
        )
      )
      assert.ok(beats.length >= 2, `${beats.length} heartbeats`)
      assert.deepEqual(beats.map(({ choices }) => choices), beats.map(() => [HEARTBEAT]))
      assert.deepEqual(messages.map(({ content }) => content), ['PONG'])
    })
  }

  it('U5 with chunks while OCI has sent no head', async () => {
    const head = Promise.withResolvers<void>()
    const gateway = await openTestGateway({
      config: BEATS,
      upstream: async () => {
        await head.promise
        return events(piece(text('Hi')), finish())()
      },
    })
    const response = await resumeAfterBeats(await open(gateway, BODY), 3, head.resolve)
    const { chunks, messages } = await readStream(response, BODY)
    const deltas = chunks.flatMap(({ choices }) => choices.map(({ delta }) => delta))
    assert.deepEqual(deltas[0], { role: 'assistant', content: '' })
    assert.ok(deltas.filter((delta) => Object.keys(delta).length === 0).length >= 3)
    assert.deepEqual(messages.map(({ content }) => content), ['Hi'])
    assert.equal(response.headers.get('x-oci-attempts'), '1')
    assert.equal(gateway.calls.length, 1)
  })

  const late: [name: string, answer: () => Response | Promise<Response>, end: RegExp][] = [
    ['a refusal', refusing(429, {}), /data: \{"error":[^\n]*\n\n$/],
    // An answer that says nothing is one, when it is the last.
    ['an empty answer', events(finish()), /"finish_reason":"stop"/],
    ['a lost connection', () => Promise.reject(new Error()), /data: \{"error":[^\n]*\n\n$/],
  ]
  for (const [name, answer, end] of late) {
    it(`E16 tells what fails after that in the stream, and asks no more: ${name}`, async () => {
      const { fetch, calls } = await openTestGateway({
        config: BEATS,
        upstream: async () => {
          await new Promise((resolve) => setTimeout(resolve, 100))
          return await answer()
        },
      })
      const response = await fetch('/v1/chat/completions', {
        method: 'POST',
        body: JSON.stringify({ ...BODY, stream: true }),
      })
      const words = await response.text()
      assert.equal(response.status, 200)
      assert.equal(calls.length, 1)
      assert.match(words, end)
    })
  }

  it('X15 with nothing where that is turned off', async () => {
    const { stream } = await openTestGateway({
      config: { heartbeatSeconds: 0, timeouts: { commitSeconds: 0.02 } },
    })
    const { chunks } = await stream(simulated('first-delay=200', 'Reply PONG'))
    const deltas = chunks.flatMap(({ choices }) => choices.map(({ delta }) => delta))
    assert.deepEqual(deltas, [{ role: 'assistant', content: '' }, { content: 'PONG' }, {}])
  })
})

describe('POST /v1/chat/completions leaves OCI', () => {
  for (const how of ['stops reading', 'closes the connection'] as const) {
    it(`X13 when the client ${how}`, async () => {
      const gateway = await openTestGateway({ upstream: brokenOff([piece(text('a'))], 'open') })
      const client = new AbortController()
      const response = await open(gateway, BODY, client.signal)
      const reader = response.body!.getReader()
      await reader.read()
      if (how === 'stops reading') await reader.cancel()
      else client.abort()
      await until(() => gateway.calls[0]?.signal.aborted === true)
      // A connection that is gone also takes its body along.
      await reader.cancel().catch(() => {})
      await until(() => gateway.lines.length > 0)
      const [line] = gateway.lines.map((line) => JSON.parse(line))
      assert.deepEqual(
        [line.event, line.outcome, line.model, line.stream],
        ['request', 'client_closed', MODEL, true],
      )
    })
  }

  it('X13 when the client leaves before the answer', async () => {
    const gateway = await openTestGateway()
    const client = new AbortController()
    const answer = open(gateway, simulated('silent'), client.signal)
    await until(() => gateway.calls.length === 1)
    client.abort()
    await until(() => gateway.calls[0]?.signal.aborted === true)
    assert.equal((await answer).status, 499)
    assert.equal(gateway.calls.length, 1)
    const [line] = gateway.lines.map((line) => JSON.parse(line))
    assert.deepEqual([line.status, line.error], [499, 'client_closed'])
  })

  it('X13 not to ask again when the client leaves between two tries', async () => {
    const gateway = await openTestGateway({
      config: { retry: { baseSeconds: 5 } },
      upstream: inTurn(refusing(503, {}, { 'retry-after': '5' })),
    })
    const client = new AbortController()
    const answer = open(gateway, BODY, client.signal)
    await until(() => gateway.calls.length === 1)
    setTimeout(() => client.abort(), 20)
    assert.equal((await answer).status, 499)
    assert.equal(gateway.calls.length, 1)
  })
})

function simulated(directives: string, system = 'Be brief') {
  return {
    model: MODEL,
    messages: [
      { role: 'system', content: system },
      { role: 'user', content: `Hi [[sim:${directives}]]` },
    ],
  }
}

function open(
  { fetch }: TestGateway,
  body: object,
  signal: AbortSignal | null = null,
): Promise<Response> {
  const json = JSON.stringify({ ...body, stream: true })
  return fetch('/v1/chat/completions', { method: 'POST', body: json, signal })
}

/** An upstream that sends `after` only when the test lets it. */
function interrupted(before: object[], after: object[]) {
  const { promise, resolve: resume } = Promise.withResolvers<void>()
  const bytes = (pieces: object[]) => new TextEncoder().encode(pieces.map(dataOf).join(''))
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async start(controller) {
      controller.enqueue(bytes(before))
      await promise
      controller.enqueue(bytes(after))
      controller.close()
    },
  })
  const headers = { 'content-type': 'text/event-stream' }
  return { upstream: () => new Response(body, { headers }), resume }
}

/** The same response; `resume` is called once it has sent so many heartbeats. */
async function resumeAfterBeats(
  { body, headers }: Response,
  beats: number,
  resume: () => void,
): Promise<Response> {
  const [watched, whole] = body!.tee()
  const reader = watched.pipeThrough(new TextDecoderStream()).getReader()
  for (let seen = ''; seen.split('"delta":{}').length <= beats;) {
    const { done, value } = await reader.read()
    assert.equal(done, false, 'the stream ended before its heartbeats')
    seen += value
  }
  resume()
  void reader.cancel()
  return new Response(whole, { headers })
}

function streamOf(...chunks: Uint8Array<ArrayBuffer>[]): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({
    pull(controller) {
      const chunk = chunks.shift()
      if (chunk) controller.enqueue(chunk)
      else controller.close()
    },
  })
}

/** Waits for what comes soon, or not at all. */
async function until(isSo: () => boolean): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (isSo()) return
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  assert.fail('it did not happen')
}
