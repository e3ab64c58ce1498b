import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ENDPOINTS } from '../../src/openai/endpoints.ts'
import { BEARER, PROJECT } from '../oci-names.ts'
import { bodyOf, clientOf, createObjects, GROK, type Objects, pathOf } from './endpoints.ts'
import { openTestGateway } from './gateway.ts'

const RELAYED = { models: { 'xai.*': { endpoint: 'openai' } } }
const ENV = { OCI_GENAI_PROJECT: PROJECT }
const KEYS = { ...ENV, GATEWAY_API_KEYS: 'sk-key-of-ann,sk-key-of-bob' }
/** Deletions are last, parts before their wholes. */
const ORDERED = ENDPOINTS.toSorted((one, other) =>
  Number(one.method === 'DELETE') - Number(other.method === 'DELETE') ||
  (one.method === 'DELETE' ? other.path.length - one.path.length : 0)
)

const CREDENTIALS = [['a signature', {}], ['a bearer key', BEARER]] as const

for (const [name, credential] of CREDENTIALS) {
  describe(`the endpoints that are passed on with ${name}`, () => {
    it('answer on the host that serves them', async () => {
      const gateway = await openTestGateway({ config: RELAYED, env: { ...ENV, ...credential } })
      const client = clientOf(gateway, undefined)
      const objects = await createObjects(client)
      for (const endpoint of ORDERED) {
        const shown = `${endpoint.method} ${endpoint.path}`
        const response = await client(
          endpoint.method,
          pathOf(endpoint, objects),
          bodyOf(endpoint, objects),
        )
        assert.equal(response.status, 200, `${shown}: ${await response.clone().text()}`)
        assert.ok((await response.arrayBuffer()).byteLength > 0, shown)
        const { url } = gateway.calls.at(-1) ?? assert.fail(shown)
        const isControl = url.hostname.startsWith('generativeai.')
        assert.equal(isControl ? 'control' : 'inference', endpoint.host, shown)
        const prefix = isControl ? '/20231130/openai/v1' : '/openai/v1'
        assert.equal(url.pathname, prefix + pathOf(endpoint, objects), shown)
      }
    })
  })
}

describe('the objects of another key', () => {
  it('do not exist, for every path and method', async () => {
    const gateway = await openTestGateway({ config: RELAYED, env: KEYS })
    const [ann, bob] = [clientOf(gateway, 'sk-key-of-ann'), clientOf(gateway, 'sk-key-of-bob')]
    const objects = await createObjects(ann)
    const own = await createObjects(bob)
    const before = gateway.calls.length
    for (const endpoint of ORDERED.filter(({ path }) => path.includes(':id'))) {
      const shown = `${endpoint.method} ${endpoint.path}`
      const answers = []
      for (const ids of [objects, unknown(objects)]) {
        const path = pathOf(endpoint, ids)
        const response = await bob(endpoint.method, path, bodyOf(endpoint, own))
        const text = await response.text()
        assert.equal(response.status, 404, `${shown}: ${text}`)
        answers.push(withoutIds(text, ids))
      }
      assert.equal(answers[0], answers[1], shown)
    }
    assert.equal(gateway.calls.length, before)
  })

  it('are not in lists', async () => {
    const gateway = await openTestGateway({ config: RELAYED, env: KEYS })
    const [ann, bob] = [clientOf(gateway, 'sk-key-of-ann'), clientOf(gateway, 'sk-key-of-bob')]
    await createObjects(ann)
    const own = await createObjects(bob)
    const lists = ENDPOINTS.filter(({ effect }) => effect === 'list')
    assert.equal(lists.length, 3)
    for (const { path, group } of lists) {
      const { data, has_more: more } = await (await bob('GET', path)).json()
      const expected = pathOf({ path: ':id', group }, own)
      assert.deepEqual(data.map(({ id }: { id: string }) => id), [expected], path)
      assert.equal(more, false)
    }
  })

  /** `status` of the own object; default: 200. */
  const references: [
    name: string,
    path: string,
    body: (ids: Objects) => object,
    status?: number,
  ][] = [
    ['a file of a new vector store', '/vector_stores', ({ file }) => ({ file_ids: [file] })],
    ['a file of a vector store', '/vector_stores/:id/files', ({ file }) => ({ file_id: file })],
    [
      'a file of a batch',
      '/vector_stores/:id/file_batches',
      ({ file }) => ({ files: [{ file_id: file }] }),
    ],
    ['a file of a container', '/containers', ({ file }) => ({ name: 'x', file_ids: [file] })],
    ['a file in an item', '/conversations', ({ file }) => ({ items: [message(file)] })],
    ['a file in an input', '/responses', ({ file }) => ({ model: GROK, input: [message(file)] })],
    [
      'a file in a chat',
      '/chat/completions',
      ({ file }) => ({
        model: GROK,
        messages: [{ role: 'user', content: [{ type: 'file', file: { file_id: file } }] }],
      }),
      // The file is the client's, but chats of this model accept no files.
      400,
    ],
    [
      'a vector store of a tool',
      '/responses',
      ({ store }) => ({
        ...{ model: GROK, input: 'Hi' },
        tools: [{ type: 'file_search', vector_store_ids: [store] }],
      }),
    ],
    [
      'a container of a tool',
      '/responses',
      ({ container }) => ({
        ...{ model: GROK, input: 'Hi' },
        tools: [{ type: 'code_interpreter', container }],
      }),
    ],
    [
      'a conversation',
      '/responses',
      ({ conversation }) => ({ model: GROK, input: 'Hi', conversation: { id: conversation } }),
    ],
  ]
  for (const [name, path, body, status = 200] of references) {
    it(`cannot be named as ${name}`, async () => {
      const gateway = await openTestGateway({ config: RELAYED, env: KEYS })
      const [ann, bob] = [clientOf(gateway, 'sk-key-of-ann'), clientOf(gateway, 'sk-key-of-bob')]
      const objects = await createObjects(ann)
      const own = await createObjects(bob)
      const before = gateway.calls.length
      const group = path.startsWith('/vector') ? 'vector_stores' : 'containers'
      const at = pathOf({ path, group }, own)
      const refused = await bob('POST', at, body(objects))
      assert.equal(refused.status, 404, await refused.text())
      assert.equal(gateway.calls.length, before)
      const accepted = await bob('POST', at, body(own))
      assert.equal(accepted.status, status, await accepted.text())
    })
  }

  it('cannot be named in a form', async () => {
    const gateway = await openTestGateway({ config: RELAYED, env: KEYS })
    const [ann, bob] = [clientOf(gateway, 'sk-key-of-ann'), clientOf(gateway, 'sk-key-of-bob')]
    const [objects, own] = [await createObjects(ann), await createObjects(bob)]
    const send = (file: string) => {
      const form = new FormData()
      form.append('file_id', file)
      return bob('POST', `/containers/${own.container}/files`, form)
    }
    const before = gateway.calls.length
    assert.equal((await send(objects.file)).status, 404)
    assert.equal(gateway.calls.length, before)
    assert.equal((await send(own.file)).status, 200)
  })
})

function message(file: string): object {
  return { role: 'user', content: [{ type: 'input_file', file_id: file }] }
}

/** Ids of the same form that no client has created. */
function unknown<Ids extends object>(ids: Ids): Ids {
  return Object.fromEntries(
    Object.entries(ids).map(([name, id]) => [name, String(id).replace(/.{6}$/, 'zzzzzz')]),
  ) as Ids
}

function withoutIds(text: string, ids: object): string {
  return Object.values(ids).reduce((rest, id) => rest.replaceAll(id, 'ID'), text)
    .replace(/"request_id":"[^"]*"/, '')
}
