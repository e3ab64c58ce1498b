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

/** Bodies with the text "日本 👋" and a finish reason. */
const GREETING = dataOf(piece(text('日本 👋'))) + dataOf(finish())
const greetings: [name: string, body: string][] = [
  ['X03 reads CR LF line ends', GREETING.replaceAll('\n', '\r\n')],
  ['X03 reads CR line ends', GREETING.replaceAll('\n', '\r')],
  ['X03 reads events that are separated by a single newline', GREETING.replaceAll('\n\n', '\n')],
  ['X04 reads fields without a space after the colon', GREETING.replaceAll('data: ', 'data:')],
  ['X04 reads fields with two spaces after the colon', GREETING.replaceAll('data: ', 'data:  ')],
  ['X05 joins two data lines', GREETING.replace('"message"', '\ndata: "message"')],
  [
    'X06 ignores comments, pings and other fields',
    `: ping\n\nevent: ping\ndata: {}\n\nid: 1\nretry: 5\n${GREETING}`,
  ],
  ['X07 reads a last event without a blank line', GREETING.trimEnd()],
  ['X08 skips a byte order mark', `\ufeff${GREETING}`],
]

describe('POST /v1/chat/completions on a stream of OCI', () => {
  for (const [name, body] of greetings) {
    it(name, async () => {
      const { stream } = await openTestGateway({ upstream: sse(body) })
      const { messages, finishReasons } = await stream(BODY)
      assert.deepEqual(messages.map(({ content }) => content), ['日本 👋'])
      assert.deepEqual(finishReasons, ['stop'])
    })
  }

  it('X01 X02 joins chunks that are split at any byte', async () => {
    const bytes = new TextEncoder().encode(GREETING)
    for (let at = 1; at < bytes.length; at++) {
      const { stream } = await openTestGateway({
        upstream: () => sse(streamOf(bytes.slice(0, at), bytes.slice(at)))(),
      })
      const { messages } = await stream(BODY)
      assert.deepEqual(messages.map(({ content }) => content), ['日本 👋'], `cut at ${at}`)
    }
  })

  it('X09 requests it without content encoding', async () => {
    const { stream } = await openTestGateway({ upstream: sse(GREETING) })
    const { calls: [call] } = await stream(BODY)
    assert.equal(call?.headers.get('accept-encoding'), 'identity')
  })

  it('X12 accepts a JSON answer', async () => {
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

  it('X19 reads an event of 2 MB', async () => {
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
    'X10 ends with an error after a line that is not JSON, because data is lost',
    events(piece(text('Hello')), '{"index":0,"mess', finish()),
    'upstream_invalid_response',
    'api_error',
    /not JSON/,
  ],
  [
    'X11 ends with an error event of OCI',
    events(piece(text('Hello')), OCI_ERROR),
    'rate_limit_exceeded',
    'rate_limit_error',
    /Too many requests/,
  ],
  [
    "X11 ends with an error event in OpenAI's format",
    events(piece(text('Hello')), { error: { message: 'The server had an error' } }),
    'upstream_unavailable',
    'api_error',
    /The server had an error/,
  ],
  [
    'X17 ends with an error when the connection is reset',
    brokenOff([piece(text('Hello'))], 'reset'),
    'upstream_incomplete',
    'api_error',
    /stream was interrupted: connection lost/,
  ],
  [
    'X19 ends with an error at an event above the size limit',
    events(piece(text('Hello')), piece(text('x'.repeat(5_000_000))), finish()),
    'upstream_invalid_response',
    'api_error',
    /larger than/,
  ],
  [
    'X16 ends with a timeout error when OCI sends no more bytes',
    brokenOff([piece(text('Hello'))], 'open'),
    'upstream_timeout',
    'timeout_error',
    /no data for 0.1 seconds/,
  ],
]

describe('POST /v1/chat/completions on a broken stream of OCI', () => {
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

describe('POST /v1/chat/completions before a stream starts', () => {
  it('X09 answers 502 for a content encoding that was not requested', async () => {
    const headers = { 'content-encoding': 'zstd' }
    const { fail } = await openTestGateway({ upstream: sse('\x28\xb5\x2f\xfd', headers) })
    const { status, error } = await fail({ ...BODY, stream: true })
    assert.deepEqual([status, error.code], [502, 'upstream_invalid_response'])
    assert.match(error.message, /"zstd"/)
  })

  it('X11 answers 429 after two retries when the first event is an error', async () => {
    const { fail } = await openTestGateway({ upstream: events(OCI_ERROR) })
    const { status, headers, error, sent } = await fail({ ...BODY, stream: true })
    assert.deepEqual([status, error.code, sent.length], [429, 'rate_limit_exceeded', 3])
    assert.equal(headers.get('retry-after'), '1')
  })

  it('X16 answers 504 without a retry when OCI does not answer in time', async () => {
    const { fail } = await openTestGateway({ config: { timeouts: { responseSeconds: 0.1 } } })
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

describe(
  'POST /v1/chat/completions with a limit for the whole answer',
  { concurrency: true },
  () => {
    // Long enough for the call and the first words on a busy machine.
    const config = { timeouts: { totalSeconds: 1.5 } }

    it('C3 answers 504 when OCI sends nothing', async () => {
      const { fail } = await openTestGateway({ config })
      const { status, error, calls } = await fail(simulated('silent'))
      assert.deepEqual([status, error.code], [504, 'upstream_timeout'])
      assert.match(error.message, /not complete within 1.5 seconds/)
      assert.ok(calls[0]?.signal.aborted)
    })

    it('C3 ends a stream above the limit with an error', async () => {
      const { fetch } = await openTestGateway({
        config,
        upstream: brokenOff([piece(text('Hi'))], 'open'),
      })
      const response = await fetch('/v1/chat/completions', {
        method: 'POST',
        body: JSON.stringify({ ...BODY, stream: true }),
      })
      const { error } = await readBrokenStream(response)
      assert.equal(error.code, 'upstream_timeout')
    })
  },
)

const HEARTBEATS = { heartbeatSeconds: 0.02, timeouts: { streamStartSeconds: 0.05 } }

describe('POST /v1/chat/completions with heartbeats', { concurrency: true }, () => {
  const moments: [moment: string, before: object[], after: object[]][] = [
    ['before', [], [piece(text('PONG')), finish()]],
    ['during', [piece(text('PO'))], [piece(text('NG')), finish()]],
  ]
  for (const [moment, before, after] of moments) {
    it(`X15 sends empty chunks ${moment} the answer`, async () => {
      const { upstream, resume } = interrupted(before, after)
      const gateway = await openTestGateway({ config: HEARTBEATS, upstream })
      const response = await resumeAfterHeartbeats(await open(gateway, BODY), 2, resume)
      const { chunks, messages } = await readStream(response, BODY)
      const heartbeats = chunks.slice(0, -1).filter(({ choices }) =>
        choices.some(({ delta, finish_reason }) =>
          Object.keys(delta).length === 0 && finish_reason === null
        )
      )
      assert.ok(heartbeats.length >= 2, `${heartbeats.length} heartbeats`)
      assert.deepEqual(heartbeats.map(({ choices }) => choices), heartbeats.map(() => [HEARTBEAT]))
      assert.deepEqual(messages.map(({ content }) => content), ['PONG'])
    })
  }

  it('U5 sends empty chunks before OCI sends its response headers', async () => {
    const head = Promise.withResolvers<void>()
    const gateway = await openTestGateway({
      config: HEARTBEATS,
      upstream: async () => {
        await head.promise
        return events(piece(text('Hi')), finish())()
      },
    })
    const response = await resumeAfterHeartbeats(await open(gateway, BODY), 3, head.resolve)
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
    // The last of several empty answers is passed on.
    ['an empty answer', events(finish()), /"finish_reason":"stop"/],
    ['a lost connection', () => Promise.reject(new Error()), /data: \{"error":[^\n]*\n\n$/],
  ]
  for (const [name, answer, end] of late) {
    it(`E16 reports a failure after heartbeats in the stream, without a retry: ${name}`, async () => {
      const { fetch, calls } = await openTestGateway({
        config: HEARTBEATS,
        upstream: async () => {
          await new Promise((resolve) => setTimeout(resolve, 100))
          return await answer()
        },
      })
      const response = await fetch('/v1/chat/completions', {
        method: 'POST',
        body: JSON.stringify({ ...BODY, stream: true }),
      })
      const received = await response.text()
      assert.equal(response.status, 200)
      assert.equal(calls.length, 1)
      assert.match(received, end)
    })
  }

  it('X15 sends no empty chunks when they are turned off', async () => {
    const { stream } = await openTestGateway({
      config: { heartbeatSeconds: 0, timeouts: { streamStartSeconds: 0.02 } },
    })
    const { chunks } = await stream(simulated('first-delay=200', 'Reply PONG'))
    const deltas = chunks.flatMap(({ choices }) => choices.map(({ delta }) => delta))
    assert.deepEqual(deltas, [{ role: 'assistant', content: '' }, { content: 'PONG' }, {}])
  })
})

describe('POST /v1/chat/completions when the client disconnects', () => {
  for (const how of ['stops reading', 'closes the connection'] as const) {
    it(`X13 aborts the call when the client ${how}`, async () => {
      const gateway = await openTestGateway({ upstream: brokenOff([piece(text('a'))], 'open') })
      const client = new AbortController()
      const response = await open(gateway, BODY, client.signal)
      const reader = response.body!.getReader()
      await reader.read()
      if (how === 'stops reading') await reader.cancel()
      else client.abort()
      await until(() => gateway.calls[0]?.signal.aborted === true)
      // A closed connection also ends its body.
      await reader.cancel().catch(() => {})
      await until(() => gateway.lines.length > 0)
      const [line] = gateway.lines.map((line) => JSON.parse(line))
      assert.deepEqual(
        [line.event, line.outcome, line.model, line.stream],
        ['request', 'client_closed', MODEL, true],
      )
    })
  }

  it('X13 aborts the call when the client disconnects before the answer', async () => {
    const gateway = await openTestGateway({ config: { timeouts: { streamStartSeconds: 60 } } })
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

  it('X13 does not retry when the client disconnects between attempts', async () => {
    const gateway = await openTestGateway({
      config: { retry: { initialDelaySeconds: 5 } },
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

/** An upstream that sends `after` only when the test calls `resume`. */
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

/** The same response; calls `resume` after `count` heartbeats. */
async function resumeAfterHeartbeats(
  { body, headers }: Response,
  count: number,
  resume: () => void,
): Promise<Response> {
  const [watched, whole] = body!.tee()
  const reader = watched.pipeThrough(new TextDecoderStream()).getReader()
  for (let received = ''; received.split('"delta":{}').length <= count;) {
    const { done, value } = await reader.read()
    assert.equal(done, false, 'the stream ended before its heartbeats')
    received += value
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

/** Waits a short time for a condition and fails when it does not hold. */
async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (condition()) return
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  assert.fail('the condition did not hold in time')
}
