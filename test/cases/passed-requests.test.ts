import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { BEARER, CLUSTER, PROJECT } from '../oci-names.ts'
import { clientOf, formOf, GROK, IMAGE, SPEECH } from './endpoints.ts'
import { openTestGateway, type TestGatewayOptions } from './gateway.ts'
import { inTurn, refusing } from './upstream.ts'

const KEYS = { OCI_GENAI_PROJECT: PROJECT, GATEWAY_API_KEYS: 'sk-key-of-ann,sk-key-of-bob' }
const DOWN = { code: '503', message: 'down' }
const LIMITED = { code: 'TooManyRequests', message: 'slow down' }

async function open(options: TestGatewayOptions = {}) {
  const gateway = await openTestGateway({ env: { OCI_GENAI_PROJECT: PROJECT }, ...options })
  return { ...gateway, client: clientOf(gateway, undefined) }
}

async function errorOf(response: Response) {
  const { error } = await response.json()
  return { status: response.status, code: error.code, message: error.message, param: error.param }
}

describe('requests that are passed on', () => {
  it('name the model that an alias stands for, in JSON and in forms', async () => {
    const aliases = { 'tts-1': 'xai.grok-tts', 'whisper-1': CLUSTER }
    const { client, calls } = await open({ config: { aliases } })
    const speech = await client('POST', '/audio/speech', { ...SPEECH, model: 'oci/tts-1' })
    assert.equal(speech.status, 200, await speech.text())
    assert.equal(calls.at(-1)?.json['model'], 'xai.grok-tts')
    const heard = await client('POST', '/audio/transcriptions', formOf({ model: 'whisper-1' }))
    assert.equal(heard.status, 200, await heard.text())
    assert.match(new TextDecoder().decode(calls.at(-1)?.body), /name="model"\r\n\r\nocid1\./)
  })

  const refused: [name: string, path: string, body: object | FormData, status: number][] = [
    ['a form where JSON belongs', '/vector_stores', formOf({}), 415],
    ['JSON where a form belongs', '/files', { purpose: 'evals' }, 415],
    ['speech without a model', '/audio/speech', { input: 'x' }, 400],
    ['an empty model', '/audio/speech', { ...SPEECH, model: '' }, 400],
    ['a form without a model', '/audio/transcriptions', formOf({}), 400],
    ['a file without a purpose', '/files', formOf({}), 400],
    ['an unknown member', '/vector_stores', { nickname: 'x' }, 400],
    ['an unknown model', '/images/generations', { ...IMAGE, model: 'dall-e-3' }, 404],
    ['a model for other media', '/images/generations', { ...IMAGE, model: SPEECH.model }, 404],
  ]
  for (const [name, path, body, status] of refused) {
    it(`are rejected in OpenAI's form: ${name}`, async () => {
      const { client } = await open()
      const error = await errorOf(await client('POST', path, body))
      assert.equal(error.status, status)
      assert.equal(typeof error.code, 'string')
    })
  }

  for (
    const [name, type] of [
      ['without a boundary', 'multipart/form-data'],
      ['with two boundaries', 'multipart/form-data; boundary=a; boundary=x'],
      ['with a type that is not ASCII', 'multipart/form-data; boundary=x; name=\xe9'],
    ]
  ) {
    it(`are no forms ${name}`, async () => {
      const { fetch, calls } = await open()
      const headers = { 'content-type': type ?? '' }
      const response = await fetch('/v1/files', { method: 'POST', headers, body: '--x--\r\n' })
      assert.equal((await errorOf(response)).status, 400)
      assert.deepEqual(calls, [])
    })
  }

  it('end as closed by the client when an upload breaks off', async () => {
    const { fetch, lines } = await open()
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('--x\r\n'))
      },
      pull: (controller) => controller.error(new TypeError('BadResource')),
    })
    const headers = { 'content-type': 'multipart/form-data; boundary=x' }
    const init = { method: 'POST', headers, body, duplex: 'half' }
    assert.equal((await fetch('/v1/files', init)).status, 499)
    assert.doesNotMatch(lines.join(''), /internal_error/)
  })

  it('end without content where OCI has none, and forget the deleted object', async () => {
    const upstream = ({ method }: { method: string }) =>
      method === 'DELETE'
        ? new Response(null, { status: 204, headers: { 'opc-request-id': 'OPC/1' } })
        : Response.json({ id: 'vs_1', object: 'vector_store' })
    const gateway = await open({ env: KEYS, upstream })
    const ann = clientOf(gateway, 'sk-key-of-ann')
    await ann('POST', '/vector_stores', {})
    const deleted = await ann('DELETE', '/vector_stores/vs_1')
    assert.deepEqual([deleted.status, await deleted.text()], [204, ''])
    assert.equal(deleted.headers.get('opc-request-id'), 'OPC/1')
    assert.match(gateway.lines.at(-1) ?? '', /"status":204\b/)
    assert.equal((await ann('GET', '/vector_stores/vs_1')).status, 404)
    assert.equal(gateway.calls.length, 2)
  })

  it('describe decoded content without its encoded length, and without scripts', async () => {
    const headers = {
      'content-type': 'text/html',
      'content-encoding': 'gzip',
      'content-length': '5',
    }
    const { client } = await open({ upstream: () => new Response('<script>', { headers }) })
    const response = await client('GET', '/files/file-1/content')
    assert.equal(response.headers.get('content-length'), null)
    assert.match(response.headers.get('content-security-policy') ?? '', /^sandbox/)
    assert.equal(await response.text(), '<script>')
  })

  it('have the methods of the table only', async () => {
    const { client, calls } = await open()
    const response = await client('DELETE', '/files')
    assert.equal(response.status, 405)
    assert.equal(response.headers.get('allow'), 'POST, GET')
    assert.equal((await client('GET', '/audio/speech')).status, 405)
    assert.deepEqual(calls, [])
  })

  it('leave unknown parameters of a query out, and reject invalid values', async () => {
    const { client, calls } = await open()
    const listed = await client('GET', '/files?limit=5&compartmentId=x&order=asc')
    assert.equal(listed.status, 200)
    assert.equal(calls.at(-1)?.url.search, '?limit=5&order=asc')
    assert.match(listed.headers.get('x-oci-gateway-warnings') ?? '', /^compartmentId: /)
    for (const query of ['limit=x', 'order=up', 'after=..%2F']) {
      assert.equal((await client('GET', `/files?${query}`)).status, 400, query)
    }
    assert.equal(calls.length, 1)
  })

  it('cannot leave their path', async () => {
    const gateway = await open()
    for (const id of ['%2e%2e', 'a%2fb', 'a.b', '%00', 'x'.repeat(129)]) {
      for (const path of [`/v1/files/${id}`, `/v1/vector_stores/vs_1/files/${id}`]) {
        const { status } = await gateway.fetchRaw(path)
        assert.ok(status === 400 || status === 404, `${path}: ${status}`)
      }
    }
    assert.deepEqual(gateway.calls, [])
  })

  for (const [name, env] of [['signed', {}], ['streamed', BEARER]] as const) {
    it(`have an upload limit: ${name}`, async () => {
      const config = { limits: { maxUploadMiB: 0.01, maxBodyMiB: 0.01 } }
      const gateway = await openTestGateway({ env, config })
      const upload = (body: Uint8Array<ArrayBuffer> | ReadableStream, more = {}) =>
        gateway.fetch('/v1/files', {
          ...{ method: 'POST', body, ...more },
          headers: { 'content-type': 'multipart/form-data; boundary=x' },
        })
      const bytes = new Uint8Array(20_000)
      const stream = new Blob([bytes]).stream()
      for (const response of [await upload(bytes), await upload(stream, { duplex: 'half' })]) {
        const error = await errorOf(response)
        assert.equal(error.status, 413)
        assert.match(error.message, /larger than \d+ bytes \(limits\.max(Upload|Body)MiB/)
      }
      assert.equal((await clientOf(gateway, undefined)('GET', '/files')).status, 200)
    })
  }

  it('say that OCI needs a project', async () => {
    const gateway = await openTestGateway()
    const response = await clientOf(gateway, undefined)('POST', '/conversations', {})
    assert.match((await errorOf(response)).message, /OCI requires a project.*OCI_GENAI_PROJECT/)
  })

  it('cancel no response of the gateway itself', async () => {
    const { client, calls } = await open()
    const error = await errorOf(
      await client('POST', '/responses/resp_gw1234567890abcdefghijklmn/cancel'),
    )
    assert.equal(error.status, 400)
    assert.deepEqual(calls, [])
  })
})

describe('items of a conversation', () => {
  it('can be referenced by the key that added them', async () => {
    const config = { models: { 'xai.*': { endpoint: 'openai' } } }
    const gateway = await openTestGateway({ env: KEYS, config })
    const [ann, bob] = [clientOf(gateway, 'sk-key-of-ann'), clientOf(gateway, 'sk-key-of-bob')]
    const { id } = await (await ann('POST', '/conversations', {})).json()
    const items = [{ role: 'user', content: 'Remember' }]
    const added = await (await ann('POST', `/conversations/${id}/items`, { items })).json()
    const input = [{ type: 'item_reference', id: added.data[0].id }, { role: 'user', content: 'x' }]
    assert.equal((await ann('POST', '/responses', { model: GROK, input })).status, 200)
    assert.equal((await bob('POST', '/responses', { model: GROK, input })).status, 404)
  })
})

// Most of the time passes in waits before retries.
describe('failures of OCI', { concurrency: true }, () => {
  const rows: [
    name: string,
    path: string,
    body: object | undefined,
    status: number,
    calls: number,
  ][] = [
    ['a list is repeated', '/files', undefined, 503, 3],
    ['speech is repeated', '/audio/speech', SPEECH, 503, 3],
    ['a new object is not', '/vector_stores', {}, 503, 1],
    ['a change is not', '/conversations/conv_1', { metadata: {} }, 503, 1],
    ['a new object is repeated after a 429', '/vector_stores', {}, 429, 3],
  ]
  for (const [name, path, body, status, expected] of rows) {
    it(name, async () => {
      const upstream = inTurn(refusing(status, status === 429 ? LIMITED : DOWN))
      const { client, calls } = await open({ upstream })
      const response = await client(body ? 'POST' : 'GET', path, body)
      assert.equal(response.status, status === 503 ? 502 : 429)
      assert.equal(calls.length, expected)
    })
  }

  it('an upload that is passed on while it arrives is sent once', async () => {
    const upstream = inTurn(refusing(429, LIMITED))
    const { client, calls } = await open({ env: BEARER, upstream })
    assert.equal((await client('POST', '/files', formOf({ purpose: 'evals' }))).status, 429)
    assert.equal(calls.length, 1)
  })

  const answers: [name: string, answer: () => Response, status: number, code: string][] = [
    ['an unknown object', refusing(404, { code: '404', message: 'none' }), 404, 'not_found'],
    ['a conflict', refusing(409, { code: '409', message: 'busy' }), 400, 'invalid_request'],
    [
      'a rejected credential',
      refusing(401, { code: '401', message: 'no' }),
      502,
      'upstream_auth_error',
    ],
    [
      'an error with status 200',
      () => Response.json({ error: { message: 'broken', code: 'server_error' } }),
      502,
      'upstream_unavailable',
    ],
    ['no JSON', () => new Response('<html>'), 502, 'upstream_invalid_response'],
  ]
  for (const [name, answer, status, code] of answers) {
    it(`are never a success: ${name}`, async () => {
      const { client } = await open({ upstream: answer })
      const error = await errorOf(await client('GET', '/vector_stores/vs_1'))
      assert.deepEqual([error.status, error.code], [status, code])
    })
  }

  it('never pass a page on as speech', async () => {
    const upstream = () => new Response('<html>', { headers: { 'content-type': 'text/html' } })
    const { client } = await open({ upstream })
    const error = await errorOf(await client('POST', '/audio/speech', SPEECH))
    assert.deepEqual([error.status, error.code], [502, 'upstream_invalid_response'])
  })

  it('end a download when the time is over, even if the client does not read', async () => {
    const endless = new ReadableStream({
      start: (controller) => controller.enqueue(new Uint8Array(1_000)),
    })
    const { client, fetch } = await open({
      // Long enough for the start of the answer on a busy machine.
      config: { timeouts: { totalSeconds: 1.5 } },
      upstream: () => new Response(endless, { headers: { 'content-type': 'audio/mpeg' } }),
    })
    const response = await client('POST', '/audio/speech', SPEECH)
    const active = async () => (await (await fetch('/readyz?verbose')).json()).requests.active
    assert.equal(await active(), 1)
    for (const end = performance.now() + 60_000; performance.now() < end && await active() > 0;) {
      await setTimeout(10)
    }
    assert.equal(await active(), 0)
    await assert.rejects(response.arrayBuffer())
  })

  it('end speech that is cut off with an error', async () => {
    const { client } = await open()
    const input = `[[sim:cut-after=1]] ${'long '.repeat(200)}`
    const response = await client('POST', '/audio/speech', { ...SPEECH, input })
    assert.equal(response.status, 200)
    await assert.rejects(response.arrayBuffer())
  })

  it('end a stream of an image that is cut off with an error event', async () => {
    const { client } = await open()
    const prompt = '[[sim:end-after=1]] a fox'
    const response = await client('POST', '/images/generations', { ...IMAGE, prompt, stream: true })
    assert.match(await response.text(), /partial_image[^]*"code":"upstream_incomplete"/)
  })
})

describe('lists of a client', () => {
  it('are filled from several pages of OCI, and continue', async () => {
    const gateway = await openTestGateway({ env: KEYS })
    const [ann, bob] = [clientOf(gateway, 'sk-key-of-ann'), clientOf(gateway, 'sk-key-of-bob')]
    const own: string[] = []
    const create = async (client: typeof bob) =>
      (await (await client('POST', '/containers', { name: 'x' })).json()).id
    for (const client of [ann, bob, ann, ann, bob, bob]) {
      const count = client === ann ? 60 : 1
      const made = await Promise.all(Array.from({ length: count }, () => create(client)))
      if (client === bob) own.push(...made)
    }
    own.reverse()
    const before = gateway.calls.length
    const all = await (await bob('GET', '/containers')).json()
    assert.deepEqual(all.data.map(({ id }: { id: string }) => id), own)
    assert.equal(all.has_more, false)
    assert.ok(gateway.calls.length > before + 1)
    const first = await (await bob('GET', '/containers?limit=2')).json()
    assert.deepEqual(first.data.map(({ id }: { id: string }) => id), own.slice(0, 2))
    assert.deepEqual([first.has_more, first.last_id], [true, own[1]])
    const next = await (await bob('GET', `/containers?limit=2&after=${first.last_id}`)).json()
    assert.deepEqual(next.data.map(({ id }: { id: string }) => id), own.slice(2))
    assert.equal(next.has_more, false)
  })

  it('do not depend on the objects of others, which are no cursors either', async () => {
    const gateway = await openTestGateway({ env: KEYS })
    const [ann, bob] = [clientOf(gateway, 'sk-key-of-ann'), clientOf(gateway, 'sk-key-of-bob')]
    const create = async (client: typeof bob): Promise<string> =>
      (await (await client('POST', '/containers', { name: 'x' })).json()).id
    const foreign = [await create(ann), await create(ann)]
    const own = await create(bob)
    const list = await (await bob('GET', '/containers?limit=1')).json()
    assert.deepEqual([list.data.length, list.has_more, list.last_id], [1, false, own])
    for (const name of ['after', 'before']) {
      const answers = await Promise.all([foreign[0], 'cntr_unknown'].map(async (id = '') => {
        const response = await bob('GET', `/containers?${name}=${id}`)
        return [response.status, (await response.text()).replaceAll(id, 'ID')]
      }))
      assert.equal(answers[0]?.[0], 404)
      assert.deepEqual(answers[0], answers[1])
    }
  })

  it('end after twenty pages with a warning, and name no object of others', async () => {
    let page = 0
    const gateway = await openTestGateway({
      env: KEYS,
      upstream: () => {
        page++
        return Response.json({ object: 'list', data: [{ id: `file-${page}` }], has_more: true })
      },
    })
    const response = await clientOf(gateway, 'sk-key-of-ann')('GET', '/files')
    const list = await response.json()
    assert.equal(gateway.calls.length, 20)
    assert.deepEqual([list.data, list.has_more, list.last_id], [[], false, null])
    assert.match(response.headers.get('x-oci-gateway-warnings') ?? '', /only 2000 objects/)
    assert.equal(gateway.calls.at(-1)?.url.searchParams.get('after'), 'file-19')
  })
})

describe('a response in the background', () => {
  it('belongs to its key, and can be cancelled and streamed again', async () => {
    const config = { models: { 'xai.*': { endpoint: 'openai' } } }
    const gateway = await openTestGateway({ env: KEYS, config })
    const [ann, bob] = [clientOf(gateway, 'sk-key-of-ann'), clientOf(gateway, 'sk-key-of-bob')]
    const asked = { model: GROK, input: 'Hi', background: true, stream: true }
    const events = await (await ann('POST', '/responses', asked)).text()
    const [, id = ''] = /"id":"(resp_\w+)"/.exec(events) ?? []
    const path = `/responses/${id}?stream=true&starting_after=2`
    assert.equal((await bob('GET', path)).status, 404)
    const resumed = await (await ann('GET', path)).text()
    assert.ok(events.endsWith(resumed.slice(resumed.indexOf('event:'))))
    assert.match(resumed, /"sequence_number":3[^]*response\.completed/)
    const [, last] = /.*"sequence_number":(\d+)/s.exec(events) ?? []
    const rest = await ann('GET', `/responses/${id}?stream=true&starting_after=${last}`)
    assert.deepEqual([rest.status, await rest.text()], [200, ''])
    assert.equal((await bob('POST', `/responses/${id}/cancel`)).status, 404)
    assert.equal((await ann('POST', `/responses/${id}/cancel`)).status, 400)
  })
})
