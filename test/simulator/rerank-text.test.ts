import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { ENDPOINTS } from '../../src/simulator/catalogue.ts'
import { checkFields } from '../../src/simulator/check-fields.ts'
import { type Caller, COMPARTMENT, createCaller } from './caller.ts'

type Case = [name: string, fields: object, expected: string]

const MODEL = 'cohere.rerank-v4.0-fast'
const FORMAT = 'Please pass in correct format of request.'
const INPUT = 'capital of France'
const PARIS = 'Paris is the capital of France.'
const BERLIN = 'Berlin is the capital.'
const DOCUMENTS = ['Nothing.', BERLIN, PARIS]

const refused: Case[] = [
  ['requires documents', { documents: undefined }, FORMAT],
  ['rejects documents that are objects', { documents: [{ text: 'a' }] }, FORMAT],
  ['rejects OpenAI-like names', { query: 'a' }, FORMAT],
  ['rejects an empty query', { input: '' }, invalid('query must not be empty')],
  ['rejects an empty list', { documents: [] }, invalid('list of documents is empty')],
  [
    'rejects an empty document',
    { documents: ['a', ''] },
    invalid('document at index 1 cannot be empty'),
  ],
  [
    'rejects 1,001 documents',
    { documents: Array.from({ length: 1001 }, () => 'a') },
    invalid('list of documents must not contain more than 1000 elements'),
  ],
  ['rejects a topN of 0', { topN: 0 }, invalid('topN must be at least 1')],
  [
    'rejects 0 chunks',
    { maxTokensPerDocument: 0 },
    invalid('maxTokensPerDocument must be at least 1'),
  ],
]

describe('RERANK_TEXT', () => {
  let caller: Caller
  before(async () => {
    caller = await createCaller()
  })

  for (const [name, fields, expected] of refused) {
    it(name, async () => {
      const response = await rank(caller, fields)
      assert.deepEqual([response.status, (await response.json()).message], [400, expected])
    })
  }

  it('ranks by shared words', async () => {
    const result = await (await rank(caller, {})).json()
    assert.equal(checkFields('RerankTextResult', result), undefined)
    const { id: _, ...rest } = result
    assert.deepEqual(rest, {
      modelId: MODEL,
      modelVersion: '4.0',
      documentRanks: [
        { index: 2, relevanceScore: 0.99 },
        { index: 1, relevanceScore: 0.3367 },
        { index: 0, relevanceScore: 0.01 },
      ],
    })
  })

  it('returns the first ranks with their documents', async () => {
    const { documentRanks } = await (await rank(caller, { topN: 1, isEcho: true })).json()
    assert.deepEqual(documentRanks, [
      { index: 2, relevanceScore: 0.99, document: { text: PARIS } },
    ])
  })

  it('returns documents as strings by directive', async () => {
    const input = `${INPUT} [[sim:document-text]]`
    const { documentRanks } = await (await rank(caller, { input, topN: 9, isEcho: true })).json()
    assert.deepEqual(
      documentRanks.map((rank: { document: unknown }) => rank.document),
      [PARIS, BERLIN, 'Nothing.'],
    )
  })

  it('answers at an endpoint', async () => {
    const endpointId = ENDPOINTS.find(({ name }) => name === 'rerank-dedicated')?.id
    const servingMode = { servingType: 'DEDICATED', endpointId }
    const result = await (await rank(caller, { servingMode })).json()
    assert.deepEqual([result.modelId, result.modelVersion], [endpointId, '3.5'])
  })

  it('fails by directive', async () => {
    assert.equal((await rank(caller, { input: 'a [[sim:status=500]]' })).status, 500)
    assert.equal((await rank(caller, { input: 'a [[sim:sttus=500]]' })).status, 400)
  })
})

function rank(caller: Caller, fields: object): Promise<Response> {
  const body = {
    compartmentId: COMPARTMENT,
    servingMode: { servingType: 'ON_DEMAND', modelId: MODEL },
    input: INPUT,
    documents: DOCUMENTS,
    ...fields,
  }
  return caller.send({ path: '/20231130/actions/rerankText', body })
}

function invalid(problem: string): string {
  return `invalid request: ${problem}`
}
