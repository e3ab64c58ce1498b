import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { describe, it } from 'node:test'
import document from '../../docs/openapi.json' with { type: 'json' }
import { ENDPOINTS } from '../../src/openai/endpoints.ts'
import { documentedPath } from '../../tools/openapi/documented-path.ts'
import { documentText, OPENAPI_FILE } from '../../tools/openapi.ts'
import { openKeyedGateway } from '../keys/gateway.ts'
import { createGenerator, type Schema } from './generate-json.ts'

const SEED = 20_261_129
const REQUESTS = 2_000
const ADMIN_KEY = 'adm-test'

interface DocumentedOperation {
  requestBody?: { content: { 'application/json'?: { schema: Schema } } }
  parameters?: { name: string; in: string }[]
  responses: Record<string, { content?: Record<string, unknown> }>
}

const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    path,
    method: method.toUpperCase(),
    operation: operation as DocumentedOperation,
  }))
)

/** Paths that have no prefix. */
const ROOT = /^\/(health|livez|ready|readyz|metrics|openapi\.json)?$/
/** Handlers that answer 405 for single methods. */
const REJECTED = /^(POST|PUT|PATCH|DELETE|OPTIONS) \/(health|livez|ready|readyz)$/

/** The bodies of these requests are OCI's, so that the document does not describe them. */
const PASSED = new Set(
  ENDPOINTS.filter(({ body }) => body !== 'none').map(({ path }) => `POST /v1${path}`),
)

/** A route as the document has it: with the usual prefix, and without patterns of parameters. */
function pathInDocument(path: string): string {
  const bare = documentedPath(path)
    .replace(/^\/openai(\/v1|\/deployments\/\{deployment\})?(?=\/|$)/, '')
  const root = bare.replace(/^\/v1(?=\/(health|livez|ready|readyz)$)/, '')
  if (ROOT.test(root) || /^\/(v1|v2|admin\/v1)\//.test(root)) return root
  return `/v1${root}`
}

describe('/openapi.json', () => {
  it('is what npm run docs writes', async () => {
    assert.equal(await readFile(OPENAPI_FILE, 'utf8'), documentText())
  })

  it('is served without a key', async () => {
    const { gateway } = await openKeyedGateway({ env: { GATEWAY_API_KEYS: 'sk-one' } })
    const response = await gateway.app.request('http://127.0.0.1/openapi.json')
    assert.equal(response.status, 200)
    assert.deepEqual(await response.json(), document)
  })

  it('has every route, and no other one', async () => {
    const { gateway } = await openKeyedGateway({ env: { GATEWAY_ADMIN_KEY: ADMIN_KEY } })
    const routes = gateway.app.routes.filter(({ method, path }) =>
      method !== 'ALL' && !path.includes('*')
    ).map(({ method, path }) => `${method} ${pathInDocument(path)}`)
    const served = new Set(routes.filter((route) => !REJECTED.test(route)))
    const documented = new Set(operations.map(({ method, path }) => `${method} ${path}`))
    assert.deepEqual([...served].filter((route) => !documented.has(route)), [])
    assert.deepEqual([...documented].filter((route) => !served.has(route)), [])
  })

  it('resolves each reference', () => {
    const references = JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)
    for (const [, path = ''] of references) {
      const found = path.split('/').reduce<unknown>(
        (value, name) => (value as Record<string, unknown>)?.[name],
        document,
      )
      assert.equal(typeof found, 'object', path)
    }
  })

  it(`answers ${REQUESTS} generated requests as documented`, async () => {
    const { gateway, createKey } = await openKeyedGateway({ env: { GATEWAY_ADMIN_KEY: ADMIN_KEY } })
    // No generated request names this key, which it could disable.
    const { text: key } = await createKey({ name: 'tester' })
    const generator = createGenerator(SEED, document)
    const found = new Map<string, number>()
    for (let count = 0; count < REQUESTS; count++) {
      const { path, method, operation } = generator.pick(operations)
      const name = `${method} ${path}`
      const { url, body } = generator.request(path, operation)
      const response = await gateway.app.request(`http://127.0.0.1${url}`, {
        method,
        headers: {
          'content-type': 'application/json',
          'authorization': `Bearer ${/admin/.test(path) || path === '/metrics' ? ADMIN_KEY : key}`,
          ...(path === '/' && { accept: 'text/html' }),
        },
        ...(body !== undefined && { body }),
      })
      const text = await response.text()
      const shown = `${name} ${url} ${body?.slice(0, 500)} → ${response.status} ${
        text.slice(0, 300)
      }`
      assert.ok(response.status < 500, shown)
      const documented = operation.responses[response.status]
      assert.ok(documented, shown)
      const type = response.headers.get('content-type') ?? ''
      const isKnown = Object.keys(documented.content ?? {}).some((known) => type.startsWith(known))
      assert.ok(isKnown, `${type}: ${shown}`)
      if (response.ok) found.set(name, (found.get(name) ?? 0) + 1)
    }
    const silent = operations.map(({ method, path }) => `${method} ${path}`)
      .filter((name) => !found.has(name) && !/\{id\}/.test(name) && !PASSED.has(name))
    assert.deepEqual(silent, [], 'without a success')
  })
})
