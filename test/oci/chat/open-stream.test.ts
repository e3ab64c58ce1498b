import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ChatEvent } from '../../../src/chat/events.ts'
import { ApiError } from '../../../src/errors.ts'
import type { CountedCall } from '../../../src/oci/call.ts'
import type { ChatPlan } from '../../../src/oci/chat/plan.ts'
import { openEvents } from '../../../src/oci/chat/open-stream.ts'
import { isEventStream } from '../../../src/oci/http/response-headers.ts'
import type { OciTimeouts } from '../../../src/oci/context.ts'
import type { DeferredOutcome } from '../../../src/oci/resilience/outcome.ts'
import { createContext, createReadContext, plan } from '../context.ts'

const TYPES: [type: string | undefined, isStream: boolean][] = [
  ['text/event-stream', true],
  ['text/event-stream; charset=utf-8', true],
  ['Text/Event-Stream', true],
  ['application/json', false],
  [undefined, false],
]

describe('isEventStream()', () => {
  for (const [type, isStream] of TYPES) {
    it(`X12 returns ${isStream} for ${type}`, () => {
      const headers = type === undefined ? {} : { 'content-type': type }
      assert.equal(isEventStream(new Response(null, { headers })), isStream)
    })
  }
})

const SAYS = { index: 0, message: { role: 'ASSISTANT', content: [{ type: 'TEXT', text: 'Hi' }] } }
const STOPS = { index: 0, finishReason: 'stop' }
const COUNTS = { usage: { promptTokens: 1, completionTokens: 2, totalTokens: 3 } }
const TEXT: ChatEvent = { type: 'text-delta', choice: 0, text: 'Hi' }
const FINISH: ChatEvent = { type: 'finish', choice: 0, reason: 'stop' }

describe('openEvents()', () => {
  it('S16 reads a stream to its end', async () => {
    const upstream = createUpstream()
    const opening = open(upstream)
    upstream.send(SAYS, STOPS, COUNTS)
    upstream.close()
    const events = await all(await opening)
    assert.deepEqual(events.slice(0, 2), [TEXT, FINISH])
    assert.deepEqual(events.map(({ type }) => type), ['text-delta', 'finish', 'usage'])
  })

  it('S19 ends at [DONE], and closes the connection', async () => {
    const upstream = createUpstream()
    const opening = open(upstream)
    upstream.send(SAYS, STOPS, '[DONE]')
    assert.deepEqual(await all(await opening), [TEXT, FINISH])
    await upstream.closed
  })

  it('S19 keeps the connection of a body that ends shortly after', async () => {
    const upstream = createUpstream()
    const attempt = new AbortController()
    const opening = open(upstream, { attempt })
    upstream.send(SAYS, STOPS, '[DONE]')
    const events = await all(await opening)
    assert.deepEqual(events, [TEXT, FINISH])
    const closed = upstream.closed.then(() => 'closed')
    assert.equal(attempt.signal.aborted, false)
    setTimeout(() => upstream.close(), 10)
    assert.equal(await Promise.race([closed, after(150)]), undefined)
  })

  it('counts what a stream used once, also when its body ends after [DONE]', async () => {
    const { use, calls } = recordUse()
    const upstream = createUpstream()
    const attempt = new AbortController()
    const ended = Promise.withResolvers<void>()
    attempt.signal.addEventListener('abort', () => ended.resolve())
    const opening = open(upstream, { attempt, use })
    upstream.send(SAYS, STOPS, COUNTS, '[DONE]')
    await all(await opening)
    upstream.close()
    await ended.promise
    assert.deepEqual(calls, ['servedBy', 'text', 'usage', 'complete'])
  })

  it('S21 waits for the usage, then closes the connection', async () => {
    const upstream = createUpstream()
    const opening = open(upstream)
    upstream.send(SAYS, STOPS)
    const began = performance.now()
    assert.deepEqual(await all(await opening), [TEXT, FINISH])
    assert.ok(performance.now() - began >= 40)
    await upstream.closed
  })

  it('S21 includes usage that arrives in that time', async () => {
    const upstream = createUpstream()
    const opening = open(upstream, { timeouts: { usageGrace: 5_000 } })
    upstream.send(SAYS, STOPS)
    setTimeout(() => {
      upstream.send(COUNTS)
      upstream.close()
    }, 10)
    assert.deepEqual((await all(await opening)).map(({ type }) => type), [
      'text-delta',
      'finish',
      'usage',
    ])
  })

  it('P12 waits for all requested choices', async () => {
    const upstream = createUpstream()
    const opening = open(upstream, { plan: plan({ choices: 2 }) })
    upstream.send(SAYS, STOPS)
    setTimeout(() => upstream.send({ ...SAYS, index: 1 }, { ...STOPS, index: 1 }, '[DONE]'), 100)
    const events = await all(await opening)
    assert.deepEqual(events, [TEXT, FINISH, { ...TEXT, choice: 1 }, { ...FINISH, choice: 1 }])
  })

  it('S22 reports an incomplete stream', async () => {
    const upstream = createUpstream()
    const opening = open(upstream)
    upstream.send(SAYS)
    upstream.close()
    const seen: ChatEvent[] = []
    await assert.rejects(all(await opening, seen), { code: 'upstream_incomplete' })
    assert.deepEqual(seen, [TEXT])
  })

  it('S23 E16 throws a failure before the first event, so that it can be retried', async () => {
    const upstream = createUpstream()
    const opening = open(upstream)
    upstream.close()
    await assert.rejects(opening, { code: 'upstream_incomplete' })
  })

  it('X11 E16 throws an error at the beginning, with its own status', async () => {
    const upstream = createUpstream()
    const opening = open(upstream)
    upstream.send({ code: '429', message: 'Slow down' })
    await assert.rejects(opening, { code: 'rate_limit_exceeded', opcRequestId: 'A/B' })
  })

  it('X11 yields the events before an error, then throws it', async () => {
    const upstream = createUpstream()
    const opening = open(upstream)
    upstream.send(SAYS, { code: '429', message: 'Slow down' })
    const seen: ChatEvent[] = []
    await assert.rejects(all(await opening, seen), { code: 'rate_limit_exceeded' })
    assert.deepEqual(seen, [TEXT])
  })

  it('S34 reports an empty answer, and closes its stream', async () => {
    const upstream = createUpstream()
    const opening = openBoth(upstream)
    upstream.send(STOPS)
    const { events, isEmpty } = await opening
    assert.equal(isEmpty, true)
    assert.deepEqual(await all(events), [FINISH])
    await upstream.closed
  })

  it('B2: reports one success, failure or abort of a stream', async () => {
    const rounds: [reports: string[], run: (upstream: Upstream) => void, leaves?: true][] = [
      [['begin', 'succeed'], (upstream) => upstream.send(SAYS, STOPS, '[DONE]')],
      [['begin', 'fail'], (upstream) => upstream.close()],
      [['begin', 'abandon'], () => {}, true],
    ]
    for (const [expected, run, leaves] of rounds) {
      const upstream = createUpstream()
      const { outcome, reports } = recordOutcome()
      const opening = open(upstream, { outcome })
      upstream.send(SAYS)
      const events = await opening
      run(upstream)
      if (leaves) await events[Symbol.asyncIterator]().return?.()
      else await all(events).catch(() => {})
      assert.deepEqual(reports, expected)
    }
  })

  it('S34 returns an empty answer that is not retried', async () => {
    const upstream = createUpstream()
    const opening = open(upstream, { retriesEmpty: false })
    upstream.send(STOPS, '[DONE]')
    assert.deepEqual(await all(await opening), [FINISH])
  })

  it('R11 S34 returns an empty answer that reached the token limit', async () => {
    const upstream = createUpstream()
    const opening = open(upstream)
    upstream.send({ index: 0, finishReason: 'length' }, '[DONE]')
    assert.deepEqual(await all(await opening), [{ ...FINISH, reason: 'length' }])
  })

  it('times out when a stream sends no data', async () => {
    const upstream = createUpstream()
    const opening = open(upstream, { timeouts: { idle: 20 } })
    upstream.send(SAYS)
    await assert.rejects(all(await opening), { code: 'upstream_timeout' })
    await upstream.closed
  })

  it('X13 closes the connection when the client disconnects', async () => {
    const upstream = createUpstream()
    const attempt = new AbortController()
    const opening = open(upstream, { attempt })
    upstream.send(SAYS)
    const events = await opening
    attempt.abort(new ApiError('client_closed', 'x'))
    await assert.rejects(all(events), { code: 'client_closed' })
    await upstream.closed
  })

  it('rejects an answer without a body', async () => {
    const attempt = new AbortController()
    const opening = openEvents(new Response(null), plan(), createReadContext(), attempt, {
      retriesEmpty: () => true,
      deferOutcome: () => NO_OUTCOME,
    })
    await assert.rejects(opening, { code: 'upstream_invalid_response' })
  })
})

interface Options {
  plan?: ChatPlan
  timeouts?: Partial<OciTimeouts>
  attempt?: AbortController
  retriesEmpty?: boolean
  outcome?: DeferredOutcome
  use?: CountedCall
}

const NO_OUTCOME: DeferredOutcome = {
  begin: () => {},
  succeed: () => {},
  fail: () => {},
  abandon: () => {},
}

async function open(upstream: Upstream, options: Options = {}) {
  return (await openBoth(upstream, options)).events
}

function openBoth(upstream: Upstream, options: Options = {}) {
  const { attempt = new AbortController(), retriesEmpty = true, outcome = NO_OUTCOME } = options
  const { use } = options
  const timeouts = { ...createContext().timeouts, ...options.timeouts }
  const context = createReadContext({ timeouts })
  const response = new Response(upstream.body, { headers: { 'opc-request-id': 'A/B' } })
  return openEvents(response, options.plan ?? plan(), context, attempt, {
    retriesEmpty: () => retriesEmpty,
    deferOutcome: () => outcome,
    use,
  })
}

/** The names of what was reported about the use of a call, in order. */
function recordUse(): { use: CountedCall; calls: string[] } {
  const calls: string[] = []
  const use: CountedCall = {
    text: () => void calls.push('text'),
    usage: () => void calls.push('usage'),
    servedBy: () => void calls.push('servedBy'),
    complete: () => void calls.push('complete'),
    refuse: () => void calls.push('refuse'),
    repeat: () => true,
  }
  return { use, calls }
}

/** Each report of an outcome, in order. */
function recordOutcome(): { outcome: DeferredOutcome; reports: string[] } {
  const reports: string[] = []
  const outcome: DeferredOutcome = {
    begin: () => void reports.push('begin'),
    succeed: () => void reports.push('succeed'),
    fail: () => void reports.push('fail'),
    abandon: () => void reports.push('abandon'),
  }
  return { outcome, reports }
}

/** Collects all events, and adds each to `seen` when it arrives. */
async function all(
  batches: AsyncIterable<readonly ChatEvent[]>,
  seen: ChatEvent[] = [],
): Promise<ChatEvent[]> {
  for await (const batch of batches) seen.push(...batch)
  return seen
}

function after(milliseconds: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(() => resolve(undefined), milliseconds))
}

interface Upstream {
  body: ReadableStream<Uint8Array<ArrayBuffer>>
  /** Sends events, each an object or the text of its data. */
  send(...events: (object | string)[]): void
  close(): void
  /** Resolves when the gateway has closed the connection. */
  closed: Promise<void>
}

/** Creates a body whose events the test sends. */
function createUpstream(): Upstream {
  const encoder = new TextEncoder()
  const closed = Promise.withResolvers<void>()
  const started = Promise.withResolvers<ReadableStreamDefaultController>()
  const body = new ReadableStream({
    start: (controller) => started.resolve(controller),
    cancel: () => closed.resolve(),
  })
  return {
    body,
    closed: closed.promise,
    async send(...events) {
      const data = events.map((event) => typeof event === 'string' ? event : JSON.stringify(event))
      const text = data.map((data) => `data: ${data}\n\n`).join('')
      ;(await started.promise).enqueue(encoder.encode(text))
    },
    async close() {
      ;(await started.promise).close()
    },
  }
}
