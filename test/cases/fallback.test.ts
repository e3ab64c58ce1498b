import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { BEARER, openTestGateway } from './gateway.ts'
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

/** Answers calls whose address or body mentions one of these; the rest greet. */
function failing(status: number, ...marks: readonly string[]): Upstream {
  return (call) => {
    const told = `${call.url.hostname} ${JSON.stringify(call.json)}`
    const isMeant = marks.some((mark) => told.includes(mark))
    return isMeant ? refusing(status, { ...DOWN, code: `${status}` })() : saying(text('Hello'))()
  }
}

/** Is down for calls that mention this; the rest are the simulator's. */
function downFor(mark: string): Upstream {
  return ({ json }) => JSON.stringify(json).includes(mark) ? refusing(503, DOWN)() : undefined
}

describe('where an answer comes from', () => {
  it('is told, with the calls it took', async () => {
    const { ask } = await openTestGateway()
    const { headers } = await ask(BODY)
    assert.equal(headers.get('x-oci-region'), 'us-chicago-1')
    assert.equal(headers.get('x-oci-attempts'), '1')
    assert.equal(headers.get('x-oci-fallback'), null)
  })

  it('is told on a stream', async () => {
    const upstream = events(piece(text('Hi')), finish())
    const { stream } = await openTestGateway({ upstream })
    const { headers } = await stream(BODY)
    assert.equal(headers.get('x-oci-region'), 'us-chicago-1')
    assert.equal(headers.get('x-oci-attempts'), '1')
  })

  it('U2 is the next region, while one fails', async () => {
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
    assert.equal(new Set(tokens).size, 2, 'each target has a token of its own')
    const dates = calls.map(({ headers }) => headers.get('authorization'))
    assert.equal(new Set(dates).size, 2, 'each call is signed by itself')
  })

  it('U13 is the region that serves the model, which is remembered', async () => {
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

  it('is a model that the operator named, and the answer says so', async () => {
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

  it('is a model that the operator named, also where OCI is asked in the words of OpenAI', async () => {
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

  it('reports region, attempts and fallback of several joined calls', async () => {
    const { fetch } = await openTestGateway({
      config: { fallbacks: { [GROK]: [LLAMA] } },
      upstream: downFor(GROK),
    })
    const post = (path: string, body: object) =>
      fetch(`/v1/${path}`, { method: 'POST', body: JSON.stringify(body) })
    const facts = ({ headers }: Response) =>
      ['region', 'attempts', 'fallback'].map((name) => headers.get(`x-oci-${name}`))

    const completed = await post('completions', { model: GROK, prompt: ['a', 'b'] })
    assert.deepEqual(facts(completed), ['us-chicago-1', '4', `us-chicago-1/${LLAMA}`])
    assert.equal((await completed.json()).model, LLAMA)
    const texts = Array.from({ length: 97 }, (_, index) => `text ${index}`)
    const embedded = await post('embeddings', { model: 'cohere.embed-v4.0', input: texts })
    assert.deepEqual(facts(embedded), ['us-chicago-1', '2', null])
    const moderated = await post('moderations', { input: ['a', 'b', 'c'] })
    assert.deepEqual(facts(moderated), ['us-chicago-1', '3', null])
  })

  it('is a model that another endpoint serves, and all calls count together', async () => {
    const { ask, calls } = await openTestGateway({
      config: { fallbacks: { [GROK]: [LLAMA] }, models: { [GROK]: { endpoint: 'openai' } } },
      upstream: downFor(GROK),
    })
    const { reply, headers } = await ask(BODY)
    assert.equal(reply.model, LLAMA)
    assert.equal(headers.get('x-oci-attempts'), '2')
    assert.deepEqual(calls.map(({ url }) => url.pathname), [PASSED_ON, ACTIONS])
  })

  it('is no other model where OCI keeps what was said, nor for vectors', async () => {
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

  it('E14 is never another model by itself, nor for a mistake', async () => {
    const { fail, calls } = await openTestGateway({
      config: { fallbacks: { [GROK]: [LLAMA] } },
      upstream: failing(404, GROK),
    })
    const { status, error } = await fail(BODY)
    assert.deepEqual([status, error.code], [404, 'model_not_found'])
    assert.equal(calls.filter(({ method }) => method === 'POST').length, 1)
  })

  it('U1 is nowhere after three calls to all, and the client is told not to try again', async () => {
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

  it('U1 is no other model either, once as many regions have failed as may be called', async () => {
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

  it('E08 is asked again for one of several answers, each of which is a call of its own', async () => {
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

  it('says nothing of trying again where that would not help', async () => {
    const { fail } = await openTestGateway({
      upstream: refusing(400, { code: '400', message: 'no' }),
    })
    const { headers } = await fail(BODY)
    assert.equal(headers.get('x-should-retry'), null)
  })

  it('is refused at once while a model fails again and again, and others are asked', async () => {
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
