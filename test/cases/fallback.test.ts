import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { BEARER } from '../oci-names.ts'
import { openTestGateway } from './gateway.ts'
import { events, finish, piece, refusing, saying, text, type Upstream } from './upstream.ts'

const GROK = 'xai.grok-4'
const LLAMA = 'meta.llama-3.3-70b-instruct'
const COMMAND = 'cohere.command-a-03-2025'
const MESSAGES = [{ role: 'user', content: 'Hi' }]
const BODY = { model: GROK, messages: MESSAGES }
const TWO_REGIONS = { OCI_REGION: 'us-chicago-1,eu-frankfurt-1' }
const PASSED_ON = '/openai/v1/chat/completions'
const ACTIONS = '/20231130/actions/chat'
const DOWN = { code: '503', message: 'down' }

/** Refuses calls whose host or body contains one of the marks; answers "Hello" to the others. */
function failing(status: number, ...marks: readonly string[]): Upstream {
  return (call) => {
    const content = `${call.url.hostname} ${JSON.stringify(call.json)}`
    const isMatched = marks.some((mark) => content.includes(mark))
    return isMatched ? refusing(status, { ...DOWN, code: `${status}` })() : saying(text('Hello'))()
  }
}

/** Refuses calls whose body contains the mark; the simulator answers the others. */
function downFor(mark: string): Upstream {
  return ({ json }) => JSON.stringify(json).includes(mark) ? refusing(503, DOWN)() : undefined
}

describe('the gateway', () => {
  it('reports the region and the number of attempts in headers', async () => {
    const { ask } = await openTestGateway()
    const { headers } = await ask(BODY)
    assert.equal(headers.get('x-oci-region'), 'us-chicago-1')
    assert.equal(headers.get('x-oci-attempts'), '1')
    assert.equal(headers.get('x-oci-fallback'), null)
  })

  it('reports the region and the number of attempts on a stream', async () => {
    const upstream = events(piece(text('Hi')), finish())
    const { stream } = await openTestGateway({ upstream })
    const { headers } = await stream(BODY)
    assert.equal(headers.get('x-oci-region'), 'us-chicago-1')
    assert.equal(headers.get('x-oci-attempts'), '1')
  })

  it('U2 uses the next region while one fails', async () => {
    const { ask, calls } = await openTestGateway({
      env: TWO_REGIONS,
      upstream: failing(503, 'us-chicago-1'),
    })
    const { headers } = await ask(BODY)
    assert.equal(headers.get('x-oci-region'), 'eu-frankfurt-1')
    assert.equal(headers.get('x-oci-attempts'), '2')
    assert.deepEqual(calls.map(({ url }) => url.hostname.split('.')[2]), [
      'us-chicago-1',
      'eu-frankfurt-1',
    ])
    const tokens = calls.map(({ headers }) => headers.get('opc-retry-token'))
    assert.equal(new Set(tokens).size, 2, 'each target has its own retry token')
    const dates = calls.map(({ headers }) => headers.get('authorization'))
    assert.equal(new Set(dates).size, 2, 'each call has its own signature')
  })

  it('U13 remembers the region that serves the model', async () => {
    const { ask, calls } = await openTestGateway({
      env: TWO_REGIONS,
      upstream: failing(404, 'us-chicago-1'),
    })
    await ask(BODY)
    await ask(BODY)
    assert.deepEqual(calls.map(({ url }) => url.hostname.split('.')[2]), [
      'us-chicago-1',
      'eu-frankfurt-1',
      'eu-frankfurt-1',
    ])
  })

  it('uses a configured fallback model and names it in the answer', async () => {
    const { ask, fetch } = await openTestGateway({
      config: { fallbacks: { 'xai.*': [LLAMA] } },
      upstream: failing(503, GROK),
    })
    const { reply, headers } = await ask(BODY)
    assert.equal(reply.model, LLAMA)
    assert.equal(headers.get('x-oci-fallback'), `us-chicago-1/${LLAMA}`)
    assert.equal(headers.get('x-oci-attempts'), '2')
    const streamed = await fetch('/v1/chat/completions', {
      method: 'POST',
      body: JSON.stringify({ ...BODY, stream: true }),
    })
    assert.equal(streamed.headers.get('x-oci-fallback'), `us-chicago-1/${LLAMA}`)
    assert.match(await streamed.text(), new RegExp(`"model":"${LLAMA}"`))
  })

  it("uses a configured fallback model through OCI's OpenAI endpoint", async () => {
    for (const stream of [false, true]) {
      const { fetch, calls } = await openTestGateway({
        env: BEARER,
        config: { fallbacks: { [GROK]: ['xai.grok-3'] } },
        upstream: downFor(GROK),
      })
      const answer = await fetch('/v1/chat/completions', {
        method: 'POST',
        body: JSON.stringify({ ...BODY, stream }),
      })
      assert.equal(answer.headers.get('x-oci-fallback'), 'us-chicago-1/xai.grok-3')
      assert.equal(answer.headers.get('x-oci-attempts'), '2')
      assert.match(await answer.text(), /"model":"xai.grok-3"/)
      assert.deepEqual(calls.map(({ url }) => url.pathname), [PASSED_ON, PASSED_ON])
    }
  })

  it('uses a fallback model of another endpoint and counts all attempts', async () => {
    const { ask, calls } = await openTestGateway({
      config: { fallbacks: { [GROK]: [LLAMA] }, models: { [GROK]: { endpoint: 'openai' } } },
      upstream: downFor(GROK),
    })
    const { reply, headers } = await ask(BODY)
    assert.equal(reply.model, LLAMA)
    assert.equal(headers.get('x-oci-attempts'), '2')
    assert.deepEqual(calls.map(({ url }) => url.pathname), [PASSED_ON, ACTIONS])
  })

  it('uses no fallback model for stored conversations or embeddings', async () => {
    const { fetch, calls } = await openTestGateway({
      config: { retry: { maxAttempts: 2, initialDelaySeconds: 0.01 }, fallbacks: { '*': [LLAMA] } },
      env: BEARER,
      upstream: downFor(''),
    })
    const kept = { model: GROK, input: 'Hi', previous_response_id: 'resp_1' }
    const vectors = { model: 'cohere.embed-v4.0', input: 'Hi' }
    for (const [path, body] of [['responses', kept], ['embeddings', vectors]] as const) {
      const { status } = await fetch(`/v1/${path}`, { method: 'POST', body: JSON.stringify(body) })
      assert.equal(status, 502)
    }
    assert.deepEqual(calls.map(({ json }) => json['model']), [
      GROK,
      GROK,
      'cohere.embed-v4.0',
      'cohere.embed-v4.0',
    ])
  })

  it('E14 uses no fallback model for a client error', async () => {
    const { fail, calls } = await openTestGateway({
      config: { fallbacks: { [GROK]: [LLAMA] } },
      upstream: failing(404, GROK),
    })
    const { status, error } = await fail(BODY)
    assert.deepEqual([status, error.code], [404, 'model_not_found'])
    assert.equal(calls.filter(({ method }) => method === 'POST').length, 1)
  })

  it('U1 ends after three attempts with x-should-retry: false', async () => {
    const { fail, calls } = await openTestGateway({
      env: TWO_REGIONS,
      config: { fallbacks: { [GROK]: [LLAMA] } },
      upstream: refusing(429, { code: '429', message: 'busy' }),
    })
    const { status, headers } = await fail(BODY)
    assert.equal(status, 429)
    assert.equal(calls.length, 3)
    assert.equal(headers.get('x-should-retry'), 'false')
    assert.equal(headers.get('x-oci-attempts'), '3')
    assert.ok(Number(headers.get('retry-after')) >= 1)
  })

  it('U1 uses no fallback model when the regions have used all attempts', async () => {
    for (const models of [{}, { [GROK]: { endpoint: 'openai' } }]) {
      const { fail, calls } = await openTestGateway({
        env: { OCI_REGION: 'us-chicago-1,eu-frankfurt-1,uk-london-1' },
        config: { fallbacks: { [GROK]: [LLAMA] }, models },
        upstream: refusing(503, DOWN),
      })
      const { headers } = await fail(BODY)
      assert.equal(calls.length, 3)
      assert.equal(headers.get('x-oci-attempts'), '3')
    }
  })

  it('E08 retries each of several choices separately', async () => {
    let calls = 0
    const { ask } = await openTestGateway({
      upstream: () => ++calls <= 4 && calls > 1 ? refusing(503, DOWN)() : undefined,
    })
    const { reply, headers } = await ask({ model: COMMAND, messages: MESSAGES, n: 4 })
    assert.equal(reply.choices.length, 4)
    assert.equal(calls, 7)
    assert.equal(headers.get('x-oci-region'), 'us-chicago-1')
    assert.equal(headers.get('x-oci-attempts'), '7')
  })

  it('sends no x-should-retry for an error that a retry cannot fix', async () => {
    const { fail } = await openTestGateway({
      upstream: refusing(400, { code: '400', message: 'no' }),
    })
    const { headers } = await fail(BODY)
    assert.equal(headers.get('x-should-retry'), null)
  })

  it('rejects requests at once while the circuit of a model is open, and serves other models', async () => {
    const { fail, ask, calls } = await openTestGateway({
      config: { retry: { maxAttempts: 1 } },
      upstream: failing(500, GROK),
    })
    for (let count = 0; count < 10; count++) await fail(BODY)
    assert.equal(calls.length, 10)
    const { status, error, headers } = await fail(BODY)
    assert.equal(calls.length, 10)
    assert.deepEqual([status, error.code], [502, 'upstream_unavailable'])
    assert.ok(Number(headers.get('retry-after')) >= 1)
    assert.equal((await ask({ ...BODY, model: LLAMA })).status, 200)
  })
})
