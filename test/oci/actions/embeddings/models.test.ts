import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  EMBEDDING_MODELS,
  embeddingModelOf,
} from '../../../../src/oci/actions/embeddings/models.ts'
import { MODELS } from '../../../../src/simulator/catalogue.ts'

type Case = [
  name: string | undefined,
  dimensions: number[] | undefined,
  imageField: string | undefined,
]

const cases: Case[] = [
  ['cohere.embed-v4.0', [256, 512, 1024, 1536], 'embedContents'],
  ['cohere.embed-english-v3.0', [1024], undefined],
  ['cohere.embed-multilingual-v3.0', [1024], undefined],
  ['cohere.embed-english-light-v3.0', [384], undefined],
  ['cohere.embed-multilingual-image-v3.0', [1024], 'inputs'],
  ['cohere.embed-english-light-image-v3.0', [384], 'inputs'],
  ['cohere.embed-v5.0', undefined, 'embedContents'],
  [undefined, undefined, 'embedContents'],
]

describe('embeddingModelOf()', () => {
  for (const [name, dimensions, imageField] of cases) {
    it(`looks up ${name ?? 'a model without a name'}`, () => {
      const embedder = embeddingModelOf(name)
      assert.deepEqual(embedder.dimensions, dimensions)
      assert.equal(embedder.imageField, imageField)
    })
  }
})

describe('EMBEDDING_MODELS', () => {
  it('lists models that OCI serves', () => {
    const served = [...MODELS.values()].filter(({ capability }) => capability === 'TEXT_EMBEDDINGS')
    assert.deepEqual(EMBEDDING_MODELS.toSorted(), served.map(({ name }) => name).toSorted())
  })
})
