import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { encodeReply, type RerankIdentity } from '../../../src/cohere/rerank/encode.ts'

const usage = { searchUnits: 1, totalTokens: 7 }
const billed_units = { search_units: 1 }
const IDENTITY: RerankIdentity = { id: 'ours', model: 'm', version: '1', warnings: [], usage }
const RANK = { index: 1, score: 0.9, text: 'b' }

describe('encodeReply() of a rerank', () => {
  it('V12 encodes the documents with their ranks', () => {
    assert.deepEqual(encodeReply({ id: 'r', ranks: [RANK] }, IDENTITY), {
      id: 'r',
      model: 'm',
      results: [{ index: 1, relevance_score: 0.9, document: { text: 'b' } }],
      meta: { api_version: { version: '1' }, billed_units },
      usage: { total_tokens: 7 },
    })
  })

  it('omits documents that OCI does not return', () => {
    const { results } = encodeReply({ id: 'r', ranks: [{ ...RANK, text: undefined }] }, IDENTITY)
    assert.deepEqual(results, [{ index: 1, relevance_score: 0.9 }])
  })

  it('adds an id to a reply without one', () => {
    assert.equal(encodeReply({ id: undefined, ranks: [] }, IDENTITY).id, 'ours')
  })

  it('puts warnings into "meta", as Cohere does', () => {
    const identity: RerankIdentity = { ...IDENTITY, version: '2', warnings: ['foo: not known'] }
    assert.deepEqual(encodeReply({ id: 'r', ranks: [] }, identity).meta, {
      api_version: { version: '2' },
      billed_units,
      warnings: ['foo: not known'],
    })
  })
})
