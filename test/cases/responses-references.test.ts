import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openTestGateway, type TestGateway } from './gateway.ts'
import { type Posted, postJson } from './post-json.ts'
import { refusing } from './upstream.ts'

interface Answer {
  id: string
  store: boolean
  output: { id: string; type: string; call_id?: string }[]
}

const GROK = 'xai.grok-4.3'
const RELAYED = { models: { 'xai.*': { endpoint: 'openai' } } }
const UNKNOWN = 'abcdefghijklmnopqrstuvwx'
const TOOL = { type: 'function', name: 'find', parameters: { type: 'object', properties: {} } }
const USER = { role: 'user', content: 'Use find' }

describe('references to items of the gateway', () => {
  for (const stream of [false, true]) {
    it(`R-E2 the next step refers to the items of the previous one (stream: ${stream})`, async () => {
      const gateway = await openTestGateway()
      const { output, store } = await answerOf(gateway, { input: [USER], tools: [TOOL], stream })
      assert.equal(store, true)
      const call = output.find(({ type }) => type === 'function_call')
      assert.ok(call)
      const { status, reply, sent, headers } = await create(gateway, {
        tools: [TOOL],
        input: [
          USER,
          ...output.map(({ id }) => ({ type: 'item_reference', id })),
          { type: 'function_call_output', call_id: call.call_id, output: 'found it' },
        ],
      })
      assert.equal(status, 200, JSON.stringify(reply))
      assert.match(JSON.stringify(sent.at(-1)), /"toolCalls".*"find".*"TOOL".*found it/)
      assert.equal(headers.get('x-oci-gateway-warnings'), null)
    })
  }

  it('R-E2 an unknown reasoning item of the gateway is left out with a warning', async () => {
    const reference = { type: 'item_reference', id: `rs_${UNKNOWN}_0` }
    const input: object[] = [USER, reference, { role: 'assistant', content: 'Yes' }, USER]
    for (const item of [reference, { id: reference.id }]) {
      const gateway = await openTestGateway()
      const { status, headers } = await create(gateway, { input: input.with(1, item) })
      assert.equal(status, 200)
      const warning = 'input[1]: item_reference cannot be resolved, left out'
      assert.equal(headers.get('x-oci-gateway-warnings'), warning)
    }
  })

  for (const id of [`msg_${UNKNOWN}_0`, `fc_${UNKNOWN}_1`, 'msg_68', 'rs_68']) {
    it(`R-E2 an unknown reference to ${id} is refused`, async () => {
      const { status, reply } = await create(await openTestGateway(), {
        input: [USER, { type: 'item_reference', id }],
      })
      assert.equal(status, 400)
      assert.equal(reply.error?.param, 'input[1]')
      assert.match(reply.error?.message ?? '', /is not stored here: send the item itself/)
    })
  }

  it('R-E2 nothing is stored with store: false', async () => {
    const gateway = await openTestGateway()
    const { id, output } = await answerOf(gateway, { input: [USER], store: false })
    assert.equal((await gateway.fetch(`/v1/responses/${id}`)).status, 404)
    const reference = { type: 'item_reference', id: output[0]?.id }
    assert.equal((await create(gateway, { input: [reference, USER] })).status, 400)
  })

  it('R-E2 a left-out reference is not stored', async () => {
    const gateway = await openTestGateway()
    const reference = { type: 'item_reference', id: `rs_${UNKNOWN}_0` }
    const first = await answerOf(gateway, { input: [reference, USER] })
    const next = await create(gateway, { input: [USER], previous_response_id: first.id })
    assert.equal(next.status, 200)
    assert.equal(next.headers.get('x-oci-gateway-warnings'), null)
  })
})

describe('an unknown reference in a relayed request', () => {
  for (const stream of [false, true]) {
    it(`R-E2 is the client's error, not about the model (stream: ${stream})`, async () => {
      const gateway = await openTestGateway({ config: RELAYED })
      const input = [USER, { type: 'item_reference', id: 'msg_68' }]
      const { status, reply } = await create(gateway, { input, stream })
      assert.equal(status, 400)
      assert.equal(reply.error?.code, 'invalid_request')
      assert.match(reply.error?.message ?? '', /^Item with id 'msg_68' not found/)
    })
  }
})

describe('an unknown previous_response_id', () => {
  const OCI_ERROR = {
    error: { message: "Previous response with id 'resp_x' not found.", code: null, param: null },
  }
  const cases: [name: string, options: Parameters<typeof openTestGateway>[0], id: string][] = [
    ['of the gateway', {}, `resp_gw${UNKNOWN}`],
    ['of another service', {}, 'resp_68'],
    ['without a store', { config: { responses: { store: { maxItems: 0 } } } }, 'resp_68'],
    ['relayed to OCI', { config: RELAYED }, 'resp_68'],
    [
      'that OCI rejects without a code',
      { config: RELAYED, upstream: refusing(404, OCI_ERROR) },
      'resp_x',
    ],
    ['of another key', { config: { ...RELAYED, access: { apiKeys: ['sk-a'] } } }, 'resp_68'],
  ]
  for (const [name, options, id] of cases) {
    for (const stream of [false, true]) {
      it(`R-C11 ${name} is previous_response_not_found (stream: ${stream})`, async () => {
        const gateway = await openTestGateway(options)
        const response = await gateway.fetch('/v1/responses', {
          method: 'POST',
          headers: { authorization: 'Bearer sk-a' },
          body: JSON.stringify({ model: GROK, input: 'Hi', previous_response_id: id, stream }),
        })
        const { error } = await response.json()
        assert.equal(response.status, 400, JSON.stringify(error))
        assert.deepEqual([error.code, error.param, error.type], [
          'previous_response_not_found',
          'previous_response_id',
          'invalid_request_error',
        ])
      })
    }
  }
})

describe('a previous_response_id that OCI calls a response', () => {
  it('R-C11 is previous_response_not_found', async () => {
    const created = await openTestGateway({ config: RELAYED })
    const { id } = await answerOf(created, { input: 'Hi' })
    const body = { error: { message: `Response with id '${id}' not found.`, code: null } }
    const gateway = await openTestGateway({ config: RELAYED, upstream: refusing(404, body) })
    const { status, reply } = await create(gateway, { input: 'Hi', previous_response_id: id })
    assert.equal(status, 400)
    assert.equal(reply.error?.code, 'previous_response_not_found')
    assert.equal(reply.error?.param, 'previous_response_id')
  })
})

describe('an unknown response id', () => {
  for (const [method, path] of [['GET', ''], ['DELETE', ''], ['GET', '/input_items']] as const) {
    for (const id of ['resp_x', `resp_gw${UNKNOWN}`]) {
      it(`R-E8 ${method} ${id}${path} is not_found`, async () => {
        const response = await (await openTestGateway()).fetch(`/v1/responses/${id}${path}`, {
          method,
        })
        assert.equal(response.status, 404)
        const { error } = await response.json()
        assert.equal(error.code, 'not_found')
        assert.match(error.message, /no (such )?response/i)
      })
    }
  }
})

async function answerOf(gateway: TestGateway, body: object): Promise<Answer> {
  const response = await gateway.fetch('/v1/responses', {
    method: 'POST',
    body: JSON.stringify({ model: GROK, ...body }),
  })
  const text = await response.text()
  assert.equal(response.status, 200, text)
  const last = text.split('\n').findLast((line) => line.startsWith('data: '))
  return last ? JSON.parse(last.slice('data: '.length)).response : JSON.parse(text)
}

function create(gateway: TestGateway, body: object): Promise<Posted<Answer>> {
  return postJson<Answer>(gateway, '/v1/responses', { model: GROK, ...body })
}
