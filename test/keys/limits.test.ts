import assert from 'node:assert/strict'
import { afterEach, describe, it } from 'node:test'
import type { KeySettings } from '../../src/access/key-settings.ts'
import { CallCounter } from '../../src/metering/call-counter.ts'
import { createEstimates } from '../../src/metering/estimates.ts'
import { measureUse } from '../../src/metering/measure.ts'
import { createPriceBook } from '../../src/prices/price-book.ts'
import { createMemoryStore } from '../../src/store/memory/store.ts'
import type { LedgerRow } from '../../src/store/records.ts'
import { chatOf, type KeyedGateway, openKeyedGateway } from './gateway.ts'

const MODEL = 'xai.grok-4.3'
const CHAT = '/v1/chat/completions'
const RETRIED = '[[sim:status=503 times=1 key=refused]]'
/** Relays the chats of these models to OCI's OpenAI endpoint. */
const RELAYING = { config: { models: { 'openai.*': { endpoint: 'openai' } } } }

describe('rates of a key', () => {
  it('counts the current request in the remaining requests, and then answers 429', async () => {
    const gateway = await openKeyedGateway()
    const { text: key } = await gateway.createKey({ name: 'alice', rpm: 3, tpm: 1_000_000 })
    const seen: (string | null)[] = []
    for (let count = 0; count < 3; count++) {
      const response = await gateway.send(CHAT, { key, body: chatOf('Hi') })
      assert.equal(response.status, 200)
      assert.equal(response.headers.get('x-ratelimit-limit-requests'), '3')
      assert.match(response.headers.get('x-ratelimit-reset-requests') ?? '', /^[\d.]+s$/)
      assert.equal(response.headers.get('x-ratelimit-limit-tokens'), '1000000')
      assert.match(response.headers.get('x-ratelimit-remaining-tokens') ?? '', /^\d+$/)
      seen.push(response.headers.get('x-ratelimit-remaining-requests'))
    }
    assert.deepEqual(seen, ['2', '1', '0'])
    const calls = gateway.calls
    const rejected = await gateway.send(CHAT, { key, body: chatOf('Hi') })
    const { error } = await rejected.json()
    assert.deepEqual([rejected.status, error.code, error.type, gateway.calls], [
      ...[429, 'rate_limit_exceeded', 'rate_limit_error', calls],
    ])
    assert.match(
      error.message,
      /^Rate limit of key "alice" reached: 3 requests per minute\. Retry in/,
    )
    assert.match(rejected.headers.get('retry-after') ?? '', /^([1-9]|[1-5]\d|60)$/)
    assert.equal(rejected.headers.get('x-ratelimit-remaining-requests'), '0')
  })

  it("uses Anthropic's names on Messages", async () => {
    const gateway = await openKeyedGateway()
    const { text: key } = await gateway.createKey({ name: 'alice', rpm: 1, tpm: 1_000_000 })
    const body = { ...chatOf('Hi'), max_tokens: 50 }
    const first = await gateway.send('/v1/messages', { key, body })
    assert.equal(first.status, 200)
    assert.equal(first.headers.get('anthropic-ratelimit-requests-limit'), '1')
    assert.equal(first.headers.get('anthropic-ratelimit-requests-remaining'), '0')
    assert.match(first.headers.get('anthropic-ratelimit-requests-reset') ?? '', /^2\d{3}-.*Z$/)
    assert.equal(first.headers.get('anthropic-ratelimit-tokens-limit'), '1000000')
    assert.equal(first.headers.get('x-ratelimit-limit-requests'), null)
    const second = await gateway.send('/v1/messages', { key, body })
    const { type, error } = await second.json()
    assert.deepEqual([second.status, type, error.type], [429, 'error', 'rate_limit_error'])
  })

  it('rejects a request over the concurrency of the key, and frees it at the end', async () => {
    const gateway = await openKeyedGateway()
    const { text: key } = await gateway.createKey({ name: 'alice', concurrency: 1 })
    const streamed = chatOf('Hi [[sim:delay=50]]', { stream: true })
    const running = await gateway.send(CHAT, { key, body: streamed })
    const rejected = await gateway.send(CHAT, { key, body: chatOf('Hi') })
    assert.equal(rejected.status, 429)
    assert.match(
      (await rejected.json()).error.message,
      /concurrent requests of key "alice", at most 1/,
    )
    await running.text()
    await gateway.gateway.stored?.metering.flush()
    assert.equal((await gateway.send(CHAT, { key, body: chatOf('Hi') })).status, 200)
  })

  it('accepts the next request at once when the one before has ended', async () => {
    const gateway = await openKeyedGateway()
    const { text: key } = await gateway.createKey({ name: 'alice', concurrency: 1 })
    for (let count = 0; count < 5; count++) {
      const response = await gateway.send(CHAT, { key, body: chatOf('Hi') })
      assert.equal(response.status, 200)
      await response.text()
    }
  })

  it('applies the limits of the team to all its keys', async () => {
    const gateway = await openKeyedGateway()
    const [one, other] = [
      await gateway.createKey({ name: 'one', team: 'research', rpm: 10 }),
      await gateway.createKey({ name: 'other', team: 'research', rpm: 10 }),
    ]
    await gateway.store.putTeam(
      { name: 'research', limits: { requestsPerMinute: 2 }, createdAt: 0 },
      { time: 0, actor: 'test', action: 'team.update', target: 'research', detail: '' },
    )
    const answers = []
    for (const { text: key } of [one, other, one]) {
      const response = await gateway.send(CHAT, { key, body: chatOf('Hi') })
      answers.push([response.status, response.headers.get('x-ratelimit-remaining-requests')])
    }
    assert.deepEqual(answers, [[200, '1'], [200, '0'], [429, '0']])
  })
})

describe('budgets', () => {
  it('reduces an output limit that the client did not set to what fits', async () => {
    const gateway = await openKeyedGateway()
    const { text: key } = await gateway.createKey({ name: 'alice', budget: '100tokens/total' })
    const response = await gateway.send(CHAT, { key, body: chatOf('Hi') })
    assert.equal(response.status, 200)
    assert.match(
      response.headers.get('x-oci-gateway-warnings') ?? '',
      /max_tokens: not set, sent as \d\d because the limits of the key allow no more/,
    )
    const [sent] = gateway.bodies as { chatRequest: { maxTokens: number } }[]
    assert.ok((sent?.chatRequest.maxTokens ?? 1_000) < 100)
  })

  const tooLarge: [name: string, path: string, body: object][] = [
    ['an output limit', CHAT, chatOf('Hi', { max_tokens: 101 })],
    ['several choices', CHAT, chatOf('Hi', { max_tokens: 40, n: 3 })],
    ['a long prompt', CHAT, chatOf('word '.repeat(60))],
    ['a stream', CHAT, chatOf('Hi', { max_tokens: 101, stream: true })],
    ['a response', '/v1/responses', { model: MODEL, input: 'Hi', max_output_tokens: 101 }],
    ['a message', '/v1/messages', chatOf('Hi', { max_tokens: 101 })],
    [
      'a list of prompts',
      '/v1/completions',
      { model: MODEL, prompt: ['One', 'Two', 'Three', 'Four'], max_tokens: 20 },
    ],
    ['embeddings', '/v1/embeddings', { model: 'cohere.embed-v4.0', input: 'word '.repeat(40) }],
    [
      'a relayed chat',
      CHAT,
      { ...chatOf('Hi', { max_tokens: 101 }), model: 'openai.gpt-oss-120b' },
    ],
  ]
  for (const [name, path, body] of tooLarge) {
    it(`rejects ${name} whose worst case does not fit, before OCI is called`, async () => {
      const gateway = await openKeyedGateway(RELAYING)
      const { text: key } = await gateway.createKey({ name: 'alice', budget: '100tokens/month' })
      const response = await gateway.send(path, { key, body })
      const { error } = await response.json()
      assert.equal(response.status, 429, JSON.stringify(error))
      assert.equal(response.headers.get('x-should-retry'), 'false')
      assert.equal(gateway.bodies.length, 0)
      await new Promise((resolve) => setImmediate(resolve))
      assert.equal(gateway.gateway.stored?.metering.reservations, 0)
      if (path === '/v1/messages') assert.equal(error.type, 'rate_limit_error')
      else assert.deepEqual([error.type, error.code], ['insufficient_quota', 'insufficient_quota'])
      assert.match(
        error.message,
        /^Budget of key "alice" exceeded: 0 tokens of 100 tokens spent this month, and this request may use \d+ tokens\. It is renewed at 2\d{3}-\d\d-01T00:00:00Z/,
      )
    })
  }

  it('reports a budget in dollars with limit, spent and renewal', async () => {
    const gateway = await openKeyedGateway()
    const { text: key } = await gateway.createKey({ name: 'alice', budget: '0.0001/total' })
    const first = await gateway.send(CHAT, { key, body: chatOf('Hi', { max_tokens: 20 }) })
    assert.equal(first.status, 200)
    const cost = Number(first.headers.get('x-oci-cost'))
    assert.ok(cost > 0 && cost <= 0.0001)
    await gateway.gateway.stored?.metering.flush()
    const second = await gateway.send(CHAT, { key, body: chatOf('Hi', { max_tokens: 100 }) })
    const { error } = await second.json()
    assert.equal(second.status, 429)
    assert.match(
      error.message,
      /^Budget of key "alice" exceeded: \$0\.\d+ of \$0\.0001 spent in total/,
    )
  })

  it('adds a header from 80% of the budget', async () => {
    const gateway = await openKeyedGateway()
    const { text: key } = await gateway.createKey({ name: 'alice', budget: '400tokens/total' })
    const headers = []
    for (let status = 200; status === 200;) {
      const response = await gateway.send(CHAT, { key, body: chatOf('Hi') })
      status = response.status
      headers.push(response.headers.get('x-oci-gateway-budget'))
      await gateway.gateway.stored?.metering.flush()
    }
    assert.equal(headers[0], null)
    assert.match(headers.at(-1) ?? '', /^(8\d|9\d|100)% of 400 tokens in total$/)
  })

  it('refuses a model without a price under a budget in dollars, not under one in tokens', async () => {
    const gateway = await openKeyedGateway()
    const body = { ...chatOf('Hi', { max_tokens: 50 }), model: 'meta.no-price' }
    const dollars = await gateway.createKey({ name: 'dollars', budget: '5/month' })
    const refused = await gateway.send(CHAT, { key: dollars.text, body })
    const { error } = await refused.json()
    assert.deepEqual([refused.status, error.code], [403, 'model_not_priced'])
    assert.match(error.message, /oci-gateway prices set meta\.no-price/)
    const tokens = await gateway.createKey({ name: 'tokens', budget: '5000tokens/month' })
    const answered = await gateway.send(CHAT, { key: tokens.text, body })
    assert.notEqual(answered.status, 403)
  })

  it('costs nothing if OCI refuses the call', async () => {
    const gateway = await openKeyedGateway()
    const { text: key } = await gateway.createKey({ name: 'alice', budget: '5/month' })
    const body = chatOf('Hi [[sim:status=400]]')
    const response = await gateway.send(CHAT, { key, body })
    assert.equal(response.status, 400)
    const [row] = await rowsOf(gateway)
    assert.deepEqual(
      [row?.promptTokens, row?.completionTokens, row?.cost, row?.status, row?.outcome],
      [0, 0, 0, 400, 'failed'],
    )
  })
})

describe('budgets.learnedOutputLimit', () => {
  /** Teaches the gateway the length of 40 answers. */
  async function openTaught(tokens: number, learnedOutputLimit: boolean) {
    const store = createMemoryStore()
    await store.saveRatios([{ model: MODEL, ratio: 0.5, samples: 40, completion95: tokens }])
    return await openKeyedGateway({ store, config: { budgets: { learnedOutputLimit } } })
  }
  const rows: [name: string, isOn: boolean, more: object, settings: object, sent: RegExp][] = [
    ['limits an answer', true, {}, { budget: '100000tokens/total' }, /^(5\d\d)$/],
    ['is off by default', false, {}, { budget: '100000tokens/total' }, /^\d{4,}$/],
    ['keeps the limit of the client', true, { max_tokens: 900 }, { tpm: 99_999 }, /^900$/],
    ['does not concern a key without limits', true, {}, {}, /^(undefined|\d{4,})$/],
  ]
  for (const [name, isOn, more, settings, expected] of rows) {
    it(name, async () => {
      const gateway = await openTaught(512, isOn)
      const { text: key } = await gateway.createKey({ name: 'alice', ...settings })
      const response = await gateway.send(CHAT, { key, body: chatOf('Hi', more) })
      assert.equal(response.status, 200)
      const [sent] = gateway.bodies as { chatRequest: { maxTokens?: number } }[]
      const limit = String(sent?.chatRequest.maxTokens)
      assert.match(limit, expected)
      const warning = `max_tokens: not set, sent as ${limit} because few answers of the model are`
      const warnings = response.headers.get('x-oci-gateway-warnings') ?? ''
      assert.equal(warnings.includes(warning), name === 'limits an answer')
    })
  }

  it('keeps the budget: OCI may write no more than is reserved', async () => {
    const gateway = await openTaught(300, true)
    const { text: key, record } = await gateway.createKey({ name: 'alice', tpm: 1_000 })
    const streamed = chatOf('Hi [[sim:delay=50]]', { stream: true })
    const responses = await Promise.all(
      Array.from({ length: 3 }, () => gateway.send(CHAT, { key, body: streamed })),
    )
    const sent = gateway.bodies as { chatRequest: { maxTokens: number } }[]
    const counter = {
      scope: `key:${record.id}`,
      metric: 'tokens',
      window: { type: 'minute' },
    } as const
    const [state] = await gateway.store.counters([counter], Date.now())
    const possible = sent.reduce((sum, { chatRequest }) => sum + chatRequest.maxTokens, 0)
    assert.ok(sent.length >= 2, 'more than one request fits')
    assert.ok(possible <= (state?.reserved ?? 0) && (state?.reserved ?? 0) <= 1_000)
    for (const response of responses) await response.text()
  })

  it('rises if it cuts many answers', () => {
    const estimates = createEstimates()
    const use = measureUse(
      {
        ...{ model: MODEL, endpoint: 'native', prompt: { type: 'texts', texts: ['a'] } },
        ...{ calls: 1, answers: 1 },
      },
      { estimates, prices: createPriceBook([]) },
    )
    const answer = (output: number) => {
      const call = new CallCounter(use, {
        ...{ region: '', isStreamed: false, output, isLearnedLimit: true, estimates },
        ...{ now: Date.now, remember() {}, repeat: () => Promise.resolve(true) },
        priceOf: () => undefined,
      })
      call.usage({ prompt: 1, completion: output })
      call.complete()
      call.learn()
    }
    for (let count = 0; count < 40; count++) answer(300)
    const limit = estimates.completion95(MODEL) ?? 0
    assert.ok(limit >= 550 && limit <= 660, `${limit}`)
  })
})

describe('the signature of a call', () => {
  const { subtle } = crypto
  const { sign } = subtle
  afterEach(() => {
    subtle.sign = sign
  })

  it('begins before the reservation, except after a rejection', async () => {
    const events: string[] = []
    const store = createMemoryStore()
    const gateway = await openKeyedGateway({
      store: {
        ...store,
        reserve(reservation) {
          events.push('reserve')
          return store.reserve(reservation)
        },
      },
    })
    const { text: key } = await gateway.createKey({ name: 'alice', budget: '400tokens/total' })
    subtle.sign = (...values: Parameters<typeof sign>) => {
      events.push('sign')
      return sign.apply(subtle, values)
    }
    const send = async (max_tokens: number) => {
      events.length = 0
      const response = await gateway.send(CHAT, { key, body: chatOf('Hi', { max_tokens }) })
      await response.text()
      await gateway.gateway.stored?.metering.flush()
      return [response.status, ...events]
    }
    assert.deepEqual(await send(20), [200, 'sign', 'reserve'])
    assert.deepEqual(await send(999), [429, 'sign', 'reserve'])
    assert.deepEqual(await send(999), [429, 'reserve'])
    assert.deepEqual(await send(20), [200, 'reserve', 'sign'])
    assert.deepEqual(await send(20), [200, 'sign', 'reserve'])
  })
})

describe('repeated calls', () => {
  const cut = '[[sim:cut-after=1 times=1 key=repeated]]'
  const rows: [name: string, directives: string, budget: string, config: object, calls: number][] =
    [
      ['an empty answer is repeated twice', '[[sim:empty]]', '5000tokens/total', {}, 3],
      [
        'an empty answer is not repeated if no other fits',
        '[[sim:empty]]',
        '150tokens/total',
        {},
        1,
      ],
      ['a cut answer is repeated', cut, '5000tokens/total', {}, 2],
      ['a cut answer is not repeated if no other fits', cut, '200tokens/total', {}, 1],
      [
        'a cut answer is followed by one of the fallback model',
        cut,
        '5000tokens/total',
        { fallbacks: { [MODEL]: ['meta.llama-3.3-70b-instruct'] } },
        2,
      ],
      [
        'a cut answer has no fallback if no other answer fits',
        cut,
        '200tokens/total',
        { fallbacks: { [MODEL]: ['meta.llama-3.3-70b-instruct'] } },
        1,
      ],
      ['a refused call leaves its reservation to the retry', RETRIED, '150tokens/total', {}, 2],
    ]
  for (const [name, directives, budget, config, calls] of rows) {
    it(name, async () => {
      const gateway = await openKeyedGateway({
        config: { ...config, retry: { initialDelaySeconds: 0.001 } },
      })
      const { text: key } = await gateway.createKey({ name: 'alice', budget })
      const stream = directives.includes('empty')
      const body = chatOf(`Hi ${directives}`, { max_tokens: 50, stream })
      await (await gateway.send(CHAT, { key, body })).text()
      assert.equal(gateway.bodies.length, calls)
      const [row] = await rowsOf(gateway)
      assert.equal(row?.attempts, calls)
    })
  }
})

describe('the ledger', () => {
  const complete: [name: string, path: string, body: object, api: string][] = [
    ['a chat', CHAT, chatOf('Hi'), 'chat'],
    ['a stream', CHAT, chatOf('Hi', { stream: true }), 'chat'],
    ['three choices', CHAT, chatOf('Hi', { n: 3 }), 'chat'],
    ['a message', '/v1/messages', chatOf('Hi', { max_tokens: 50 }), 'messages'],
    ['a response', '/v1/responses', { model: MODEL, input: 'Hi' }, 'responses'],
    ['a completion', '/v1/completions', { model: MODEL, prompt: ['One', 'Two'] }, 'completions'],
    [
      'streamed completions',
      '/v1/completions',
      { model: MODEL, prompt: ['One', 'Two'], stream: true },
      'completions',
    ],
    [
      'embeddings',
      '/v1/embeddings',
      { model: 'cohere.embed-v4.0', input: ['One', 'Two words'] },
      'embeddings',
    ],
    ['a relayed chat', CHAT, { ...chatOf('Hi'), model: 'openai.gpt-oss-120b' }, 'chat'],
    [
      'a relayed stream',
      CHAT,
      { ...chatOf('Hi', { stream: true }), model: 'openai.gpt-oss-120b' },
      'chat',
    ],
  ]
  for (const [name, path, body, api] of complete) {
    it(`has one row with OCI's counts for ${name}`, async () => {
      const gateway = await openKeyedGateway(RELAYING)
      const { text: key, record } = await gateway.createKey({ name: 'alice', tpm: 10_000_000 })
      const response = await gateway.send(path, { key, body })
      const text = await response.text()
      assert.equal(response.status, 200, text)
      const rows = await rowsOf(gateway)
      assert.equal(rows.length, 1)
      const [row] = rows
      assert.deepEqual([row?.key, row?.api, row?.status, row?.outcome, row?.estimated], [
        ...[record.id, api, 200, 'complete', false],
      ])
      assert.ok((row?.promptTokens ?? 0) > 0)
      assert.ok(api === 'embeddings' || (row?.completionTokens ?? 0) > 0)
      assert.ok((row?.attempts ?? 0) >= 1)
      assert.equal(row?.region, 'us-chicago-1')
      assert.equal(row?.endpoint, name.includes('relayed') ? 'openai' : 'native')
      if (api === 'chat' && text.startsWith('data:')) assert.doesNotMatch(text, /prompt_tokens/)
      await assertQuiet(gateway)
    })
  }

  it('estimates the tokens that OCI does not report', async () => {
    const gateway = await openKeyedGateway()
    const { text: key } = await gateway.createKey({ name: 'alice', tpm: 100_000 })
    await (await gateway.send(CHAT, { key, body: chatOf('Hi [[sim:no-usage]]') })).text()
    const [row] = await rowsOf(gateway)
    assert.equal(row?.estimated, true)
    assert.ok((row?.promptTokens ?? 0) > 0 && (row?.completionTokens ?? 0) > 0)
    await assertQuiet(gateway)
  })

  it('has what was streamed before the client left', async () => {
    const gateway = await openKeyedGateway()
    const { text: key } = await gateway.createKey({ name: 'alice', tpm: 100_000 })
    const body = chatOf('Hi [[sim:delay=20]]', { stream: true })
    const response = await gateway.send(CHAT, { key, body })
    const reader = response.body!.getReader()
    await reader.read()
    await reader.read()
    await reader.cancel()
    const [row] = await rowsOf(gateway)
    assert.deepEqual([row?.outcome, row?.estimated], ['client_closed', true])
    assert.ok((row?.promptTokens ?? 0) > 0)
    await assertQuiet(gateway)
  })

  it('names person and session only for keys with attribution', async () => {
    const gateway = await openKeyedGateway()
    const settings: KeySettings[] = [{ name: 'open', attribution: true }, { name: 'closed' }]
    for (const each of settings) {
      const { text: key } = await gateway.createKey(each)
      await gateway.send(CHAT, {
        key,
        body: chatOf('Hi', { user: 'bob' }),
        headers: { 'x-claude-code-session-id': 's-1', 'x-openwebui-user-email': 'bob@example.com' },
      })
    }
    const rows = await rowsOf(gateway)
    assert.deepEqual(rows.map(({ person, session }) => [person, session]), [
      ['bob@example.com', 's-1'],
      [undefined, undefined],
    ])
  })

  it('counts each request of a client that repeats its request id', async () => {
    const gateway = await openKeyedGateway()
    const { text: key } = await gateway.createKey({ name: 'alice', tpm: 100_000 })
    const headers = { 'x-request-id': 'always-the-same' }
    for (let count = 0; count < 3; count++) {
      await (await gateway.send(CHAT, { key, body: chatOf('Hi'), headers })).text()
    }
    assert.equal((await rowsOf(gateway)).length, 3)
  })
})

describe('costs in answers', () => {
  const OPENAI_MODEL = 'openai.gpt-oss-120b'
  const answers: [name: string, path: string, body: object][] = [
    ['a chat', CHAT, chatOf('Hi')],
    ['a relayed chat', CHAT, chatOf('Hi', { model: OPENAI_MODEL })],
    ['a completion', '/v1/completions', { model: MODEL, prompt: ['One', 'Two'] }],
    ['a response', '/v1/responses', { model: MODEL, input: 'Hi' }],
    ['a relayed response', '/v1/responses', { model: OPENAI_MODEL, input: 'Hi' }],
    ['a compaction', '/v1/responses/compact', { model: MODEL, input: 'Hi' }],
    ['a message', '/v1/messages', chatOf('Hi', { max_tokens: 50 })],
    [
      'a message of a relayed model',
      '/v1/messages',
      chatOf('Hi', { model: OPENAI_MODEL, max_tokens: 50 }),
    ],
  ]
  for (const [name, path, body] of answers) {
    it(`has the cost of ${name} in a header, in its usage, in the log and in the ledger`, async () => {
      const gateway = await openKeyedGateway(RELAYING)
      const { text: key } = await gateway.createKey({ name: 'alice' })
      const response = await gateway.send(path, { key, body })
      const header = response.headers.get('x-oci-cost') ?? ''
      assert.match(header, /^0\.\d{9}$/)
      assert.ok(Number(header) > 0)
      assert.equal((await response.json()).usage.cost, Number(header))
      await assertCost(gateway, header)
    })
  }

  for (const [name, path, body] of answers.filter(([name]) => name !== 'a compaction')) {
    it(`has the cost of the stream of ${name} in its last usage, in the log and in the ledger`, async () => {
      const gateway = await openKeyedGateway(RELAYING)
      const { text: key } = await gateway.createKey({ name: 'alice' })
      const options = path.endsWith('completions') && { stream_options: { include_usage: true } }
      const streamed = { ...body, stream: true, ...options }
      const text = await (await gateway.send(path, { key, body: streamed })).text()
      const costs = [...text.matchAll(/"cost":([\d.e-]+)/g)].map(([, cost]) => Number(cost))
      assert.equal(costs.length, 1, text)
      await assertCost(gateway, costs[0]!.toFixed(9))
    })
  }

  it('omits the cost of a model without a price', async () => {
    const gateway = await openKeyedGateway()
    const { text: key } = await gateway.createKey({ name: 'alice' })
    for (const path of ['/v1/responses', '/v1/messages']) {
      const body = { ...chatOf('Hi', { max_tokens: 50 }), input: 'Hi', model: 'xai.grok-3-mini' }
      const response = await gateway.send(path, { key, body })
      assert.equal(response.status, 200)
      assert.equal(response.headers.get('x-oci-cost'), null)
      assert.doesNotMatch(await response.text(), /"cost"/)
    }
  })

  for (const model of [MODEL, 'openai.gpt-oss-120b']) {
    it(`has the cost in the usage of a stream of ${model} only if the client asked`, async () => {
      const gateway = await openKeyedGateway(RELAYING)
      const { text: key } = await gateway.createKey({ name: 'alice' })
      const asked = {
        ...chatOf('Hi', { stream: true, stream_options: { include_usage: true } }),
        model,
      }
      const text = await (await gateway.send(CHAT, { key, body: asked })).text()
      assert.match(text, /"cost":\d/)
      const silent = { ...chatOf('Hi', { stream: true }), model }
      const other = await (await gateway.send(CHAT, { key, body: silent })).text()
      assert.doesNotMatch(other, /"cost"|prompt_tokens/)
      assert.match(other, /data: \[DONE\]/)
    })
  }
})

/** The cost that a client has seen is the one in the log and in the ledger. */
async function assertCost(gateway: KeyedGateway, usd: string): Promise<void> {
  const line = gateway.lines.find(({ event }) => event === 'request')
  assert.equal(line?.['cost'], usd)
  const [row] = await rowsOf(gateway)
  assert.equal(row?.cost, Math.round(Number(usd) * 1e9))
}

async function rowsOf({ gateway, store }: KeyedGateway): Promise<LedgerRow[]> {
  await gateway.stored?.metering.flush()
  return await Array.fromAsync(store.rows({}))
}

/** Nothing is reserved once all requests have ended, and the counters have what the ledger has. */
async function assertQuiet({ store, gateway }: KeyedGateway): Promise<void> {
  await gateway.stored?.metering.flush()
  for (const key of await store.listKeys()) {
    const scope = `key:${key.id}`
    const [tokens] = await store.counters(
      [{ scope, metric: 'tokens', window: { type: 'minute' } }],
      Date.now(),
    )
    const rows = (await Array.fromAsync(store.rows({}))).filter((row) => row.key === key.id)
    const used = rows.reduce((sum, row) => sum + row.promptTokens + row.completionTokens, 0)
    assert.deepEqual([tokens?.reserved, tokens?.spent], [0, used])
  }
}
