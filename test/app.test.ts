import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { DEFAULT_ACCESS_POLICY } from '../src/access/access-policy.ts'
import { createApp, createUnreadyApp } from '../src/app.ts'
import { ApiError } from '../src/errors.ts'
import { DEFAULT_LIMITS } from '../src/limits.ts'
import { createOciClient } from '../src/oci/client.ts'
import type { OciSetup } from '../src/oci/context.ts'
import { createContext } from './oci/context.ts'
import { createPlatform } from './oci/platform.ts'

type Case = [name: string, method: string, path: string, status: number, message: string]

const failures: Case[] = [
  ['E17 rejects an unknown path', 'GET', '/v1/nothing', 404, 'No such path: "/v1/nothing"'],
  ['E17 rejects the root', 'GET', '/', 404, 'No such path: "/"'],
  [
    'E17 reports a base URL that contains /v1 twice',
    'POST',
    '/v1/v1/chat/completions',
    404,
    'No such path: "/v1/v1/chat/completions". The base URL contains "/v1" twice',
  ],
  [
    'E17 truncates a long path',
    'GET',
    `/${'x'.repeat(300)}`,
    404,
    `No such path: "/${'x'.repeat(199)}"`,
  ],
  [
    'E17 rejects GET for a chat',
    'GET',
    '/v1/chat/completions',
    405,
    'GET is not allowed for /v1/chat/completions. Use POST',
  ],
  ...['completions', 'embeddings', 'moderations', 'rerank'].map((path): Case => [
    `E17 rejects GET for ${path}`,
    'GET',
    `/v1/${path}`,
    405,
    `GET is not allowed for /v1/${path}. Use POST`,
  ]),
  [
    'E17 rejects POST for models',
    'POST',
    '/models',
    405,
    'POST is not allowed for /models. Use GET',
  ],
  [
    'E17 rejects DELETE for a model',
    'DELETE',
    '/v1/models/a/b',
    405,
    'DELETE is not allowed for /v1/models/a/b. Use GET',
  ],
  ['E17 rejects PUT for health', 'PUT', '/health', 405, 'PUT is not allowed for /health. Use GET'],
]

describe('createApp()', () => {
  for (const [name, method, path, status, message] of failures) {
    it(name, async () => {
      const response = await sendRequest(path, { method })
      const code = status === 404 ? 'not_found' : 'method_not_allowed'
      const type = status === 404 ? 'not_found_error' : 'invalid_request_error'
      assert.equal(response.status, status)
      assert.equal(response.headers.get('allow'), status === 405 ? message.split('Use ')[1] : null)
      assert.deepEqual(await response.json(), { error: { message, type, param: null, code } })
    })
  }

  for (const path of ['/health', '/livez', '/readyz', '/ready', '/v1/health', '/health/']) {
    it(`Z12 answers ${path} without a key`, async () => {
      const response = await sendRequest(path, {}, ['sk-one'])
      const status = path.includes('ready') ? 'ready' : 'ok'
      assert.deepEqual([response.status, await response.json()], [200, { status }])
    })
  }

  it('A14 is alive but not ready while requests cannot be signed', async () => {
    const setup = { isReady: () => Promise.resolve(false) }
    const response = await sendRequest('/readyz?verbose', {}, [], setup)
    assert.deepEqual([response.status, await response.json()], [503, {
      status: 'not ready',
      requests: { active: 0, max: 1_024 },
      bodyBytes: { active: 0, max: 256 * 1024 * 1024 },
      rateLimits: [],
      quirks: {},
      clients: [],
    }])
    assert.equal((await sendRequest('/livez', {}, [], setup)).status, 200)
  })

  for (const path of ['/v1/models', '/models', '/v1/chat/completions', '/v1/nothing']) {
    it(`E04 requires a key for ${path}`, async () => {
      assert.equal((await sendRequest(path, {}, ['sk-one'])).status, 401)
      const headers = { authorization: 'Bearer sk-one' }
      assert.notEqual((await sendRequest(path, { headers }, ['sk-one'])).status, 401)
    })
  }

  it('E18 rejects a body over the limit', async () => {
    const response = await sendRequest('/v1/chat/completions', {
      method: 'POST',
      body: 'x'.repeat(1_001),
    })
    assert.equal(response.status, 413)
    assert.deepEqual(await response.json(), {
      error: {
        message: 'The request body is larger than 1000 bytes (limits.maxBodyMiB)',
        type: 'invalid_request_error',
        param: null,
        code: 'request_too_large',
      },
    })
  })

  it("R14 sends its own request id and OCI's with every response", async () => {
    const refusal = new ApiError('permission_denied', 'Cannot do it', { opcRequestId: 'A/B' })
    const send = () => Promise.reject(refusal)
    const body = JSON.stringify({ model: 'acme.one', messages: [{ role: 'user', content: 'Hi' }] })
    const init = { method: 'POST', body, headers: { 'x-request-id': 'mine' } }
    const response = await sendRequest('/v1/chat/completions', init, [], { send })
    const { headers, status } = response
    assert.deepEqual([status, headers.get('x-request-id'), headers.get('opc-request-id')], [
      403,
      'mine',
      'A/B',
    ])
  })
})

describe('createUnreadyApp()', () => {
  it('F9: responds with its code and a reference, without its settings', async () => {
    const error = new ApiError('configuration_error', 'Cannot read {"apiKeys":["sk-secret"]}')
    const app = createUnreadyApp(error, 'a1b2c3d4')
    for (const path of ['/', '/v1/models', '/health']) {
      const response = await app.request(path)
      assert.equal(response.status, 500)
      assert.deepEqual(await response.json(), {
        error: {
          message:
            'The gateway is not configured correctly. Its log has the error, reference a1b2c3d4',
          type: 'api_error',
          param: null,
          code: 'configuration_error',
        },
      })
    }
  })
})

/** Sends a request to a gateway without OCI. */
describe('/readyz?verbose', () => {
  it('lists the clients that sent requests, also without a valid key', async () => {
    const app = await appWith(['sk-one'])
    const userAgent = 'codex_exec/1.0 (Linux)'
    const send = (key: string) =>
      app.request('/v1/responses', {
        method: 'POST',
        body: '{}',
        headers: { 'user-agent': userAgent, authorization: `Bearer ${key}` },
      })
    assert.equal((await send('sk-two')).status, 401)
    assert.equal((await send('sk-one')).status, 400)
    const headers = { authorization: 'Bearer sk-one' }
    const { clients } = await (await app.request('/readyz?verbose', { headers })).json()
    assert.deepEqual(clients, [{
      ...{ agent: 'codex_exec', endpoint: 'responses', requests: 2, succeeded: 0 },
      ...{ status: 400, error: 'invalid_request' },
    }])
    assert.equal((await app.request('/readyz?verbose')).status, 401)
  })
})

async function sendRequest(
  path: string,
  init: RequestInit = {},
  apiKeys: readonly string[] = [],
  setup: Partial<OciSetup> = {},
): Promise<Response> {
  return await (await appWith(apiKeys, setup)).request(`http://localhost${path}`, init)
}

function appWith(apiKeys: readonly string[], setup: Partial<OciSetup> = {}) {
  const platform = createPlatform()
  const oci = createOciClient(createContext({ platform, ...setup }))
  const config = {
    access: { ...DEFAULT_ACCESS_POLICY, apiKeys },
    limits: { ...DEFAULT_LIMITS, maxBodyBytes: 1_000 },
    heartbeat: 0,
  }
  return createApp({ config, oci, platform })
}
