import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openTestGateway, TENANCY, type TestGatewayOptions } from './gateway.ts'
import { postJson } from './post-json.ts'

interface Ranks {
  id: string
  model: string
  results: { index: number; relevance_score: number; document?: { text: string } }[]
  meta: object
  usage: { total_tokens: number }
}

const MODEL = 'cohere.rerank-v4.0-fast'
const SHARED = {
  compartmentId: TENANCY,
  servingMode: { servingType: 'ON_DEMAND', modelId: MODEL },
  input: 'capital of France',
  documents: ['Berlin is in Germany', 'Paris is the capital of France'],
}
const REQUEST = {
  model: MODEL,
  query: 'capital of France',
  documents: ['Berlin is in Germany', { text: 'Paris is the capital of France' }],
}

const gateway = await openTestGateway()

type Case = [name: string, request: object, sent: object]

const cases: Case[] = [
  ['V12 sends texts', {}, {}],
  ['V12 sends top_n and return_documents', { top_n: 1, return_documents: true }, {
    topN: 1,
    isEcho: true,
  }],
  ['V12 lowers top_n to the number of documents', { top_n: 10 }, { topN: 2 }],
  ['passes limits on', { max_chunks_per_doc: 5, max_tokens_per_doc: 100 }, {
    maxChunksPerDocument: 5,
    maxTokensPerDocument: 100,
  }],
  ['sends objects as JSON', { documents: [{ title: 'Paris', year: 1 }] }, {
    documents: ['{"title":"Paris","year":1}'],
  }],
  ['removes the provider prefix of a model name', { model: `oci/${MODEL}` }, {}],
]

describe('a rerank', () => {
  for (const [name, request, body] of cases) {
    it(name, async () => {
      const { status, sent } = await post({ ...REQUEST, ...request })
      assert.equal(status, 200)
      assert.deepEqual(sent, [{ ...SHARED, ...body }])
    })
  }

  it('V12 returns the best results with their documents', async () => {
    const { reply } = await post({ ...REQUEST, top_n: 1, return_documents: true })
    assert.match(reply.id, /^[\w-]+$/)
    assert.deepEqual(reply, {
      id: reply.id,
      model: MODEL,
      results: [{
        index: 1,
        relevance_score: 0.99,
        document: { text: 'Paris is the capital of France' },
      }],
      meta: { api_version: { version: '1' }, billed_units: { search_units: 1 } },
      usage: { total_tokens: reply.usage.total_tokens },
    })
  })

  const sizes:
    readonly (readonly [documents: number, words: number, units: number, options?: object])[] = [
      [1, 5, 1],
      [100, 5, 1],
      [101, 5, 2],
      [60, 700, 2],
      [60, 700, 1, { max_chunks_per_doc: 1 }],
      [60, 700, 1, { max_tokens_per_doc: 400 }],
    ]
  for (const [count, words, units, options] of sizes) {
    const title = `${count} documents of ${words} words${
      options ? ` ${JSON.stringify(options)}` : ''
    }`
    it(`R-E9 counts search units for Cohere and tokens for Jina: ${title}`, async () => {
      const documents = Array.from({ length: count }, () => 'word '.repeat(words))
      const { reply } = await post({ ...REQUEST, query: 'which', documents, ...options })
      assert.deepEqual(reply.meta, {
        api_version: { version: '1' },
        billed_units: { search_units: units },
      })
      const tokens = reply.usage.total_tokens
      assert.ok(Number.isInteger(tokens))
      assert.ok(tokens >= 0.8 * count * words && tokens <= 2 * count * (words + 5), `${tokens}`)
    })
  }

  it('V12 returns no documents unless requested', async () => {
    const { reply, headers } = await post(REQUEST)
    assert.deepEqual(reply.results, [
      { index: 1, relevance_score: 0.99 },
      { index: 0, relevance_score: 0.01 },
    ])
    assert.match(headers.get('opc-request-id') ?? '', /\w/)
  })

  it('V12 accepts a document that OCI returns as text', async () => {
    const documentRanks = [{ index: 1, relevanceScore: 0.5, document: 'Paris' }]
    const upstream = () => Response.json({ documentRanks })
    const { reply } = await postTo({ upstream }, { ...REQUEST, return_documents: true })
    assert.deepEqual(reply.results, [
      { index: 1, relevance_score: 0.5, document: { text: 'Paris' } },
    ])
    assert.match(reply.id, /^\w{24}$/)
  })

  for (const path of ['/rerank', '/v1/rerank', '/v2/rerank']) {
    it(`answers ${path}`, async () => {
      const { status, reply } = await postJson<Ranks>(gateway, path, REQUEST)
      assert.equal(status, 200)
      const version = path.startsWith('/v2') ? '2' : '1'
      assert.deepEqual(reply.meta, {
        api_version: { version },
        billed_units: { search_units: 1 },
      })
    })
  }

  it('warns about unknown parameters in the header and in the answer', async () => {
    const { reply, headers } = await post({ ...REQUEST, overflow: 'END' })
    assert.equal(headers.get('x-oci-gateway-warnings'), 'overflow: not known, left out')
    assert.deepEqual(reply.meta, {
      api_version: { version: '1' },
      billed_units: { search_units: 1 },
      warnings: ['overflow: not known, left out'],
    })
  })

  const refusals: [
    name: string,
    request: object,
    status: number,
    code: string,
    param: string | null,
  ][] = [
    ['rejects a missing query', { query: '' }, 400, 'invalid_request', 'query'],
    ['rejects an empty list of documents', { documents: [] }, 400, 'invalid_request', 'documents'],
    [
      'rejects a number as a document',
      { documents: ['a', 1] },
      400,
      'invalid_request',
      'documents[1]',
    ],
    ['rejects top_n 0', { top_n: 0 }, 400, 'invalid_request', 'top_n'],
    ['rejects an unknown model', { model: 'cohere.rerank-v4' }, 404, 'model_not_found', null],
    ['rejects a chat model', { model: 'xai.grok-3' }, 404, 'model_not_found', null],
  ]
  for (const [name, request, status, code, param] of refusals) {
    it(name, async () => {
      const posted = await post({ ...REQUEST, ...request })
      const { error } = posted.reply
      assert.deepEqual([posted.status, error?.code, error?.param], [status, code, param])
    })
  }
})

function post(body: object) {
  return postJson<Ranks>(gateway, '/v1/rerank', body)
}

async function postTo(options: TestGatewayOptions, body: object) {
  return await postJson<Ranks>(await openTestGateway(options), '/v1/rerank', body)
}
