import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { toApiError } from '../../../../src/errors.ts'
import { rerank, RERANK_MODELS } from '../../../../src/oci/actions/rerank/rerank.ts'
import { MODELS } from '../../../../src/simulator/catalogue.ts'
import { createCall, createContext } from '../../context.ts'
import { rerankRequest } from './request.ts'

describe('rerank()', () => {
  it('calls the model behind an alias', async () => {
    const bodies: unknown[] = []
    const oci = createContext({
      aliases: new Map([['acme.rank', 'cohere.rerank-v3.5']]),
      send({ body }) {
        bodies.push(JSON.parse(new TextDecoder().decode(body)).servingMode)
        return Promise.resolve(Response.json({ documentRanks: [{ index: 0, relevanceScore: 1 }] }))
      },
    })
    const { value } = await rerank(rerankRequest(), oci, createCall())
    assert.deepEqual(value, { id: undefined, ranks: [{ index: 0, score: 1, text: undefined }] })
    assert.deepEqual(bodies, [{ servingType: 'ON_DEMAND', modelId: 'cohere.rerank-v3.5' }])
  })

  it('throws for a response with an unknown document', async () => {
    const answer = { documentRanks: [{ index: 2, relevanceScore: 1 }] }
    const oci = createContext({ send: () => Promise.resolve(Response.json(answer)) })
    const error = await rerank(rerankRequest(), oci, createCall()).then(
      () => assert.fail('answered'),
      toApiError,
    )
    assert.equal(error.code, 'upstream_invalid_response')
  })
})

describe('RERANK_MODELS', () => {
  it('lists models that OCI serves', () => {
    const served = [...MODELS.values()].filter(({ capability }) => capability === 'TEXT_RERANK')
    assert.deepEqual(RERANK_MODELS.toSorted(), served.map(({ name }) => name).toSorted())
  })
})
