import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ENDPOINTS } from '../../src/simulator/catalogue.ts'
import { openTestGateway, TENANCY, type TestGatewayOptions } from './gateway.ts'
import { inAnyOrder, postJson } from './post-json.ts'
import { inTurn, refusing } from './upstream.ts'

interface Embeddings {
  object: string
  data: { object: string; index: number; embedding: number[] | string }[]
  model: string
  usage: { prompt_tokens: number; total_tokens: number }
}

const ALIAS = 'text-embedding-3-small'
const V3 = 'cohere.embed-multilingual-v3.0'
const V4 = 'cohere.embed-v4.0'
const IMAGE_V3 = 'cohere.embed-english-image-v3.0'
const PNG = 'data:image/png;base64,iVBORw0KGgo='
const ON_DEMAND = { compartmentId: TENANCY, servingMode: servedBy(V4) }

const gateway = await openTestGateway()

type Case = [name: string, request: object, sent: object[]]

const sent: Case[] = [
  ['V01 sends a text', { input: 'a' }, [{ inputs: ['a'] }]],
  ['V01 sends several texts', { input: ['a', 'b'] }, [{ inputs: ['a', 'b'] }]],
  ['V04 sends dimensions', { input: 'a', dimensions: 512 }, [
    { inputs: ['a'], outputDimensions: 512 },
  ]],
  ['V07 sends an image data URL', { input: PNG }, [{
    embedContents: [{ type: 'IMAGE', imageUrl: { url: PNG } }],
    inputType: 'IMAGE',
  }]],
  ['V07 sends an image content part', {
    input: [{ type: 'image_url', image_url: { url: PNG } }, { type: 'text', text: 'a' }],
  }, [
    { inputs: ['a'] },
    { embedContents: [{ type: 'IMAGE', imageUrl: { url: PNG } }], inputType: 'IMAGE' },
  ]],
  ['V07 sends an older model the image in "inputs"', { model: IMAGE_V3, input: PNG }, [{
    servingMode: servedBy(IMAGE_V3),
    inputs: [PNG],
    inputType: 'IMAGE',
  }]],
  ['R-C11 sends a text that begins like a data URL', { input: ['a', 'data:image/ is a prefix'] }, [
    { inputs: ['a', 'data:image/ is a prefix'] },
  ]],
  ['R-C11 sends a text model a string that is an image as text', { model: V3, input: ['a', PNG] }, [
    { servingMode: servedBy(V3), inputs: ['a', PNG] },
  ]],
  ['V08 sends input_type', { input: 'a', input_type: 'search_query' }, [
    { inputs: ['a'], inputType: 'SEARCH_QUERY' },
  ]],
  ['sends the model that an alias names', { model: ALIAS, input: 'a' }, [
    { servingMode: servedBy(V3), inputs: ['a'] },
  ]],
  ['O09 removes the provider prefix of a model name', { model: `oci/${V4}`, input: 'a' }, [
    { inputs: ['a'] },
  ]],
]

describe('the embedding request to OCI', () => {
  for (const [name, request, bodies] of sent) {
    it(name, async () => {
      const posted = await post({ model: V4, ...request })
      assert.equal(posted.status, 200, JSON.stringify(posted.reply))
      const expected = bodies.map((body) => ({
        ...ON_DEMAND,
        inputType: 'SEARCH_DOCUMENT',
        ...body,
      }))
      assert.deepEqual(byInputType(posted.sent), byInputType(expected))
    })
  }

  it('calls a dedicated endpoint', async () => {
    const { id = '' } = ENDPOINTS.find(({ name }) => name === 'embed-dedicated') ?? {}
    const { status, calls } = await post({ model: id, input: 'a' })
    assert.equal(status, 200)
    assert.deepEqual(calls.at(-1)?.json['servingMode'], {
      servingType: 'DEDICATED',
      endpointId: id,
    })
    const refused = await post({ model: id, input: 'a', dimensions: 512 })
    assert.equal(refused.reply.error?.param, 'dimensions')
  })
})

describe('the answer of POST /v1/embeddings', () => {
  it('V01 numbers the vectors in order', async () => {
    const { reply, headers } = await post({ model: ALIAS, input: ['a', 'b'] })
    assert.deepEqual({ ...reply, data: reply.data.map(withLength) }, {
      object: 'list',
      data: [
        { object: 'embedding', index: 0, embedding: 1024 },
        { object: 'embedding', index: 1, embedding: 1024 },
      ],
      model: ALIAS,
      usage: { prompt_tokens: 2, total_tokens: 2 },
    })
    assert.match(headers.get('opc-request-id') ?? '', /\w/)
  })

  for (const path of ['/v1/embeddings', '/embeddings']) {
    it(`answers ${path}`, async () => {
      const { status } = await postJson(gateway, path, { model: V4, input: 'a' })
      assert.equal(status, 200)
    })
  }

  it('V02 embeds 97 texts with two calls and keeps their order', async () => {
    const input = Array.from({ length: 97 }, (_, at) => `text ${at}`)
    const { reply, sent } = await post({ model: V4, input })
    const counts = sent.map(({ inputs }) => Array.isArray(inputs) && inputs.length)
    assert.deepEqual(inAnyOrder(counts), [1, 96])
    assert.deepEqual(reply.data.map(({ index }) => index), [...input.keys()])
    const last = await post({ model: V4, input: 'text 96' })
    assert.deepEqual(reply.data[96]?.embedding, last.reply.data[0]?.embedding)
    assert.notDeepEqual(reply.data[95]?.embedding, last.reply.data[0]?.embedding)
    assert.deepEqual(reply.usage, { prompt_tokens: 97 * 2, total_tokens: 97 * 2 })
  })

  it('O10 embeds 300 texts of a memory index as plain floats', async () => {
    const input = Array.from({ length: 300 }, (_, at) => `piece ${at}`)
    const { status, reply, calls } = await post({ model: ALIAS, input })
    assert.equal(status, 200)
    assert.equal(calls.length, 4)
    assert.deepEqual(reply.data.map(({ index }) => index), [...input.keys()])
    assert.ok(reply.data.every(({ embedding }) => Array.isArray(embedding)))
  })

  it('V03 writes the same vector in base64', async () => {
    const plain = await post({ model: V4, input: 'a', encoding_format: 'float' })
    const packed = await post({ model: V4, input: 'a', encoding_format: 'base64' })
    const floats = plain.reply.data[0]?.embedding
    const text = packed.reply.data[0]?.embedding
    assert.ok(Array.isArray(floats) && typeof text === 'string')
    assert.deepEqual(readFloats(text), floats.map(Math.fround))
    assert.equal(packed.sent[0]?.['embeddingTypes'], undefined)
  })

  it('V04 returns vectors of the requested dimensions', async () => {
    const { reply } = await post({ model: V4, input: 'a', dimensions: 256 })
    assert.equal(reply.data[0]?.embedding.length, 256)
  })

  it('V07 returns the vector of an image at the position of the image', async () => {
    const { reply } = await post({ model: V4, input: ['a', PNG, 'b'] })
    const alone = await post({ model: V4, input: PNG })
    assert.deepEqual(reply.data[1]?.embedding, alone.reply.data[0]?.embedding)
  })

  it('V09 returns zero usage when OCI reports none', async () => {
    const embeddings = [[0.5, 1]]
    const { reply } = await postTo({ upstream: () => Response.json({ embeddings }) }, 'a')
    assert.deepEqual(reply.usage, { prompt_tokens: 0, total_tokens: 0 })
    assert.deepEqual(reply.data[0]?.embedding, [0.5, 1])
  })

  it('V11 returns the float vectors when OCI sends several types', async () => {
    const embeddingsByType = { int8: [[1, 2]], float: [[0.5, 1]] }
    const answer = { embeddings: [], embeddingsByType }
    const { reply } = await postTo({ upstream: () => Response.json(answer) }, 'a')
    assert.deepEqual(reply.data[0]?.embedding, [0.5, 1])
  })

  it('warns about unknown parameters', async () => {
    const { headers } = await post({ model: V4, input: 'a', user: 'u', colour: 'red' })
    assert.equal(headers.get('x-oci-gateway-warnings'), 'colour: not known, left out')
  })

  it('V10 keeps concurrent requests to two regions apart', async () => {
    const regions = ['us-chicago-1', 'eu-frankfurt-1']
    const gateways = await Promise.all(
      regions.map((region) => openTestGateway({ env: { OCI_REGION: region } })),
    )
    await Promise.all(
      [...gateways, ...gateways].map((gateway) =>
        postJson(gateway, '/v1/embeddings', { model: V4, input: 'a' })
      ),
    )
    assert.deepEqual(
      gateways.map(({ calls }) => calls.map(({ url }) => url.hostname)),
      regions.map((region) =>
        Array(2).fill(`inference.generativeai.${region}.oci.oraclecloud.com`)
      ),
    )
  })

  it('logs the number of inputs but none of their text', async () => {
    const gateway = await openTestGateway()
    await postJson(gateway, '/v1/embeddings', { model: V4, input: ['xyzzy', 'b'] })
    const { path, model, inputs, promptTokens, status } = JSON.parse(gateway.lines.at(-1) ?? '')
    assert.deepEqual({ path, model, inputs, promptTokens, status }, {
      path: '/v1/embeddings',
      model: V4,
      inputs: 2,
      promptTokens: 2,
      status: 200,
    })
    assert.ok(gateway.lines.every((line) => !line.includes('xyzzy')))
  })
})

type Refusal = [name: string, request: object, param: string, message: RegExp]

const refusals: Refusal[] = [
  [
    'V04 rejects dimensions for a model with a fixed length',
    { model: V3, dimensions: 512 },
    'dimensions',
    /1024/,
  ],
  ['V05 rejects token ids', { input: [[1, 2]] }, 'input', /check_embedding_ctx_length=False/],
  [
    'V05 rejects a list of token ids',
    { input: [1, 2] },
    'input',
    /check_embedding_ctx_length=False/,
  ],
  ['V06 rejects an empty text', { input: '' }, 'input', /must not be empty/],
  ['V06 rejects an empty list', { input: [] }, 'input', /must not be empty/],
  [
    'V07 rejects an image for a text model',
    { model: V3, input: PNG },
    'input',
    /does not support images/,
  ],
  [
    'M10 does not fetch image URLs',
    {
      input: [{ type: 'image_url', image_url: { url: 'http://169.254.169.254/a.png' } }],
    },
    'input[0]',
    /Send a data URL/,
  ],
  ['names the invalid item', { input: ['a', { type: 'sound' }] }, 'input[1].type', /"text"/],
]

describe('POST /v1/embeddings rejects a request and', () => {
  for (const [name, request, param, message] of refusals) {
    it(name, async () => {
      const { status, reply, calls } = await post({ model: V4, input: 'a', ...request })
      assert.equal(status, 400)
      assert.equal(reply.error?.type, 'invalid_request_error')
      assert.equal(reply.error?.param, param)
      assert.match(reply.error?.message ?? '', message)
      assert.deepEqual(calls, [])
    })
  }

  it('suggests similar names for an unknown model', async () => {
    const { status, reply } = await post({ model: 'cohere.embed-v4', input: 'a' })
    assert.equal(status, 404)
    assert.equal(reply.error?.code, 'model_not_found')
    assert.match(reply.error?.message ?? '', /Nearest names: "cohere\.embed-v4\.0"/)
  })

  it('reports the maximum length of a text', async () => {
    const { status, reply } = await post({ model: V3, input: 'word '.repeat(600) })
    assert.deepEqual([status, reply.error?.code], [400, 'context_length_exceeded'])
    const cut = await post({ model: V3, input: 'word '.repeat(600), truncate: 'end' })
    assert.equal(cut.status, 200)
  })

  it('E06 retries, then passes on the Retry-After of OCI', async () => {
    const busy = refusing(429, { code: '429', message: 'busy' }, { 'retry-after': '21' })
    const flaky = refusing(503, { code: '503', message: 'busy' })
    const ok = () => Response.json({ embeddings: [[1]] })
    const retried = await postTo({ upstream: inTurn(flaky, ok) }, 'a')
    assert.deepEqual([retried.status, retried.calls.length], [200, 2])
    const failed = await postTo({ upstream: inTurn(busy) }, 'a')
    assert.deepEqual([failed.status, failed.headers.get('retry-after')], [429, '21'])
    assert.equal(failed.reply.error?.code, 'rate_limit_exceeded')
  })
})

function post(body: object) {
  return postJson<Embeddings>(gateway, '/v1/embeddings', body)
}

async function postTo(options: TestGatewayOptions, input: unknown) {
  const gateway = await openTestGateway(options)
  return await postJson<Embeddings>(gateway, '/v1/embeddings', { model: V4, input })
}

/** Concurrent calls may arrive in any order. */
function byInputType(bodies: readonly Record<string, unknown>[]) {
  const isImage = ({ inputType }: Record<string, unknown>) => inputType === 'IMAGE' ? 1 : 0
  return bodies.toSorted((one, other) => isImage(one) - isImage(other))
}

function servedBy(modelId: string): object {
  return { servingType: 'ON_DEMAND', modelId }
}

function withLength<T extends { embedding: { length: number } }>({ embedding, ...rest }: T) {
  return { ...rest, embedding: embedding.length }
}

function readFloats(text: string): number[] {
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
  const view = new DataView(bytes.buffer)
  return Array.from({ length: bytes.length / 4 }, (_, at) => view.getFloat32(at * 4, true))
}
