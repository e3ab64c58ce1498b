import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { type Caller, chatBody, COMPARTMENT, createCaller, message, NOW } from './caller.ts'

const GROUP = /^[0-9A-F]{32}$/
const FORMAT = { code: '400', message: 'Please pass in correct format of request.' }
const HI = { messages: [message('USER', 'Hi')], maxTokens: 50 }
const MISMATCH = { code: '400', message: 'Chat request type does not match serving model.' }

const bodies: [name: string, body: unknown, status: number, answer: object, reason?: string][] = [
  ['rejects what is not JSON', '{"a"', 400, FORMAT, 'not JSON'],
  [
    'rejects an unknown key without naming it',
    chatBody('xai.grok-3', { ...HI, stream: true }),
    400,
    FORMAT,
    'chatRequest.stream: unknown field',
  ],
  [
    'rejects an unknown model',
    chatBody('xai.grok-9', HI),
    404,
    { code: '404', message: 'Entity with key xai.grok-9 not found' },
    'unknown model',
  ],
  [
    'rejects the compartment of another customer',
    { ...chatBody('xai.grok-3', HI), compartmentId: 'ocid1.tenancy.oc1..bbbb' },
    404,
    {
      code: 'NotAuthorizedOrNotFound',
      message: 'Authorization failed or requested resource not found.',
    },
    'the tenancy of another customer',
  ],
  [
    'rejects COHERE for Grok',
    { ...chatBody('xai.grok-3', {}), chatRequest: cohere() },
    400,
    MISMATCH,
  ],
  ['rejects GENERIC for Cohere', chatBody('cohere.command-a-03-2025', HI), 400, MISMATCH],
  ...([
    ['COHEREV2', 'meta.llama-3.3-70b-instruct'],
    ['COHEREV2', 'cohere.command-r-08-2024'],
    ['COHEREV2', 'cohere.command-a-translate-08-2025'],
    ['COHERE', 'cohere.command-a-vision-07-2025'],
    ['COHERE', 'cohere.command-a-reasoning-08-2025'],
  ] as const).map(([format, model]): (typeof bodies)[number] => [
    `rejects ${format} for ${model}`,
    { ...chatBody(model, {}), chatRequest: format === 'COHERE' ? cohere() : cohere2() },
    400,
    MISMATCH,
  ]),
]

describe('createSimulator()', () => {
  let caller: Caller
  before(async () => {
    caller = await createCaller()
  })

  for (const [name, body, status, answer, reason] of bodies) {
    it(name, async () => {
      const response = await caller.send({ body })
      assert.deepEqual([response.status, await response.json()], [status, answer])
      assert.equal(caller.errors.at(-1)?.reason, reason)
    })
  }

  it('accepts both formats of Cohere for Command A', async () => {
    const bodies = [cohere(), cohere2()].map((chatRequest) => ({
      ...chatBody('cohere.command-a-03-2025', {}),
      chatRequest,
    }))
    const answers = await Promise.all(bodies.map((body) => caller.send({ body })))
    assert.deepEqual(answers.map(({ status }) => status), [200, 200])
  })

  it('answers a stream as exactly text/event-stream', async () => {
    const response = await caller.chat('xai.grok-3', { ...HI, isStream: true })
    await response.body?.cancel()
    assert.equal(response.headers.get('content-type'), 'text/event-stream')
  })

  it('adds a request id of three groups to every response', async () => {
    const responses = await Promise.all([
      caller.chat('xai.grok-3', HI),
      caller.chat('xai.grok-9', HI),
      caller.fetch(new Request('http://127.0.0.1/')),
    ])
    const ids = responses.map(({ headers }) => headers.get('opc-request-id')?.split('/') ?? [])
    assert.deepEqual(ids.map(({ length }) => length), [3, 3, 3])
    assert.ok(ids.flat().every((group) => GROUP.test(group)))
  })

  it("starts the request id with the client's", async () => {
    const headers = { 'opc-request-id': 'MINE-1' }
    const response = await caller.send({ body: chatBody('xai.grok-3', HI), headers })
    assert.match(
      response.headers.get('opc-request-id') ?? '',
      /^MINE-1\/[0-9A-F]{32}\/[0-9A-F]{32}$/,
    )
  })

  it('passes requests to onRequest before checking them', async () => {
    const body = chatBody('xai.grok-9', HI)
    await caller.send({ body, headers: { 'opc-client-retries': 'true' } })
    const seen = caller.seen.at(-1)
    assert.ok(seen)
    assert.deepEqual(
      [seen.method, seen.path, seen.headers.get('opc-client-retries'), seen.json],
      ['POST', '/20231130/actions/chat', 'true', body],
    )
    assert.equal(new TextDecoder().decode(seen.body), JSON.stringify(body))
    assert.equal(await seen.ended, 'completed')
  })

  it('returns JSON for a streaming request by directive', async () => {
    const messages = [message('USER', 'Hi [[sim:json]]')]
    const response = await caller.chat('xai.grok-3', { messages, isStream: true, maxTokens: 9 })
    assert.equal((await response.json()).modelId, 'xai.grok-3')
  })

  it('announces the deprecation of a model', async () => {
    const response = await caller.chat('meta.llama-3.2-90b-vision-instruct', HI)
    assert.equal(response.headers.get('model-deprecation-info'), '2026-06-01T00:00:00.000Z')
  })

  it('announces the retirement of a model on streams, too', async () => {
    const model = 'meta.llama-3.1-405b-instruct'
    const answers = [
      await caller.chat(model, HI),
      await caller.chat(model, { ...HI, isStream: true }),
    ]
    await answers[1]?.body?.cancel()
    const notices = answers.map(({ headers }) => [
      headers.get('model-deprecation-info'),
      headers.get('model-retirement-info'),
    ])
    const notice = [null, '2030-01-01T00:00:00.000Z']
    assert.deepEqual(notices, [notice, notice])
  })

  it('does not find a retired model', async () => {
    const response = await caller.chat('meta.llama-3.1-70b-instruct', HI)
    assert.equal(response.status, 404)
  })

  it("rejects a prompt that exceeds the model's context", async () => {
    const messages = [message('USER', 'word '.repeat(131_080))]
    const response = await caller.chat('xai.grok-3', { messages, maxTokens: 9 })
    const error =
      "This model's maximum prompt length is 131072 but the request contains 131080 tokens."
    assert.deepEqual(await response.json(), {
      code: '400',
      message: JSON.stringify({ code: 'Client specified an invalid argument', error }),
    })
  })

  it('answers the demonstration caller in its own compartment', async () => {
    const body = { ...chatBody('xai.grok-3', HI), compartmentId: caller.identity.tenancy }
    assert.equal((await caller.send({ body })).status, 200)
  })

  it('reads the time from its options', async () => {
    const late = await createCaller({ now: () => NOW + 3_600_000 })
    assert.equal((await late.chat('xai.grok-3', HI)).status, 401)
  })

  it('requires a signature for the list', async () => {
    const path = `/20231130/models?compartmentId=${COMPARTMENT}`
    const response = await caller.send({ method: 'GET', path, parameters: { signature: 'AAAA' } })
    assert.equal(response.status, 401)
  })
})

function cohere(): object {
  return { apiFormat: 'COHERE', message: 'Hi' }
}

function cohere2(): object {
  return { apiFormat: 'COHEREV2', messages: [message('USER', 'Hi')] }
}
