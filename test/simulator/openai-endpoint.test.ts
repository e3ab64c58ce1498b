import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { PROJECT } from '../oci-names.ts'
import { type Call, COMPARTMENT } from './caller.ts'
import { asks, createOpenAiCaller, KEY, type OpenAiCaller, PAYS } from './openai/endpoint.ts'

const UNAUTHENTICATED =
  '401 The required information to complete authentication was not provided or was incorrect.'
const DENIED = '404 Authorization failed or requested resource not found.'
const OTHER = 'ocid1.compartment.oc1..other'
const BEARER = { authorization: `Bearer ${KEY}` }

const doors: [name: string, call: Call, verdict: string][] = [
  ['accepts a bearer key', { headers: BEARER }, '200'],
  [
    'accepts a bearer key with a project',
    { headers: { ...BEARER, 'OpenAI-Project': PROJECT } },
    '200',
  ],
  ['accepts a signature and both headers of the compartment', { headers: PAYS }, '200'],
  [
    'accepts both at the older path',
    { headers: PAYS, path: '/20231130/actions/v1/chat/completions' },
    '200',
  ],
  ['rejects an unknown key', { headers: { authorization: 'Bearer sk-other' } }, UNAUTHENTICATED],
  ['rejects another scheme', { headers: { authorization: 'Basic c2s=' } }, UNAUTHENTICATED],
  [
    'rejects a wrong signature',
    { headers: PAYS, parameters: { signature: 'AAAA' } },
    '401 Failed to verify the HTTP(S) Signature',
  ],
  ['requires the compartment', { headers: {} }, '400 Missing header opc-compartment-id'],
  [
    'requires the older header',
    { headers: { 'opc-compartment-id': COMPARTMENT } },
    '400 Missing header CompartmentId',
  ],
  [
    'requires both headers to match',
    { headers: { ...PAYS, CompartmentId: OTHER } },
    '400 CompartmentId is not opc-compartment-id',
  ],
  [
    'rejects the tenancy of another customer',
    {
      headers: {
        'opc-compartment-id': 'ocid1.tenancy.oc1..b',
        CompartmentId: 'ocid1.tenancy.oc1..b',
      },
    },
    DENIED,
  ],
  ['rejects an invalid project id', { headers: { ...BEARER, 'OpenAI-Project': 'mine' } }, DENIED],
]

const elsewhere: [path: string, method: string][] = [
  ['/20231130/actions/chat', 'POST'],
  ['/20231130/actions/embedText', 'POST'],
  ['/20231130/models?compartmentId=ocid1.compartment.oc1..a', 'GET'],
  ['/v1/authentication/refresh', 'POST'],
]

describe('openAiEndpoint()', () => {
  let caller: OpenAiCaller
  before(async () => {
    caller = await createOpenAiCaller()
  })

  for (const [name, call, verdict] of doors) {
    it(name, async () => {
      const response = await caller.post('/chat/completions', asks('xai.grok-3', 'Hi'), {
        path: '/openai/v1/chat/completions',
        ...call,
      })
      const { message } = await response.json()
      assert.equal(message ? `${response.status} ${message}` : `${response.status}`, verdict)
    })
  }

  for (const [path, method] of elsewhere) {
    it(`A18 a bearer key is worth nothing at ${method} ${path}`, async () => {
      const response = await caller.send({ path, method, headers: BEARER })
      assert.deepEqual([response.status, (await response.json()).code], [401, 'NotAuthenticated'])
    })
  }

  it('requires a project if configured', async () => {
    const strict = await createOpenAiCaller({ requireProject: true })
    const body = asks('xai.grok-3', 'Hi')
    const without = await strict.post('/chat/completions', body)
    assert.equal(without.status, 400)
    const headers = { ...BEARER, 'OpenAI-Project': PROJECT }
    assert.equal((await strict.post('/chat/completions', body, { headers })).status, 200)
  })

  it('rejects other paths and methods', async () => {
    const verdict = await caller.verdict('/models', {})
    assert.equal(verdict, '404 Invalid URL (POST /openai/v1/models)')
    const got = await caller.post('/chat/completions', undefined, { method: 'GET' })
    assert.equal(got.status, 404)
  })

  it('sends text/event-stream without a charset', async () => {
    const body = asks('xai.grok-3', 'Hi', { stream: true })
    const response = await caller.post('/chat/completions', body)
    assert.equal(response.headers.get('content-type'), 'text/event-stream')
    await response.body?.cancel()
  })
})
