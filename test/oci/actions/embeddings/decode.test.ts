import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as v from 'valibot'
import type { EmbeddingReply } from '../../../../src/embeddings/model.ts'
import { decodeReply } from '../../../../src/oci/actions/embeddings/decode.ts'
import { EmbedTextResult } from '../../../../src/oci/actions/embeddings/wire.ts'

const VECTORS = [[0.5, -1], [0, 1e-8]]
const USAGE = { completionTokens: 0, promptTokens: 4, totalTokens: 4 }

type Case = [name: string, answer: object, reply: EmbeddingReply | undefined]

const cases: Case[] = [
  ['reads vectors and tokens', { id: 'a', embeddings: VECTORS, usage: USAGE }, {
    vectors: VECTORS,
    usage: { prompt: 4, total: 4 },
  }],
  ['sums a list of counts', { embeddings: VECTORS, inputTextTokenCounts: [5, 4] }, {
    vectors: VECTORS,
    usage: { prompt: 9, total: 9 },
  }],
  ['prefers usage to the list', {
    embeddings: VECTORS,
    usage: USAGE,
    inputTextTokenCounts: [5, 4],
  }, { vectors: VECTORS, usage: { prompt: 4, total: 4 } }],
  ['V09 accepts a missing count', { embeddings: VECTORS }, { vectors: VECTORS, usage: undefined }],
  ['V09 ignores an invalid count', {
    embeddings: VECTORS,
    usage: null,
    inputTextTokenCounts: 'many',
  }, { vectors: VECTORS, usage: undefined }],
  ['V11 reads the floats of several types', {
    embeddings: [],
    embeddingsByType: { int8: [[1, 2], [3, 4]], float: VECTORS },
  }, { vectors: VECTORS, usage: undefined }],
  ['V11 reads the type in upper case', { embeddingsByType: { FLOAT: VECTORS } }, {
    vectors: VECTORS,
    usage: undefined,
  }],
  ['V11 reads the plain list without floats', {
    embeddings: VECTORS,
    embeddingsByType: { int8: [] },
  }, {
    vectors: VECTORS,
    usage: undefined,
  }],
  ['returns undefined for too few vectors', { embeddings: [[1]] }, undefined],
  ['returns undefined for too many vectors', { embeddings: [[1], [2], [3]] }, undefined],
  ['returns undefined without vectors', { id: 'a' }, undefined],
  ['returns undefined for a vector of texts', { embeddings: [['1'], ['2']] }, undefined],
  ['returns undefined for an empty vector', { embeddings: [[1], []] }, undefined],
]

const encoded: [name: string, types: object, vectors: EmbeddingReply['vectors'] | undefined][] = [
  ['V03 reads base64', { base64: ['AAA=', 'BBB='], float: VECTORS }, ['AAA=', 'BBB=']],
  ['V03 reads base64 in upper case', { BASE64: ['AAA=', 'BBB='] }, ['AAA=', 'BBB=']],
  ['V03 reads floats where there is no base64', { base64: [], float: VECTORS }, VECTORS],
  ['V03 reads floats instead of empty texts', { base64: ['AAA=', ''], FLOAT: VECTORS }, VECTORS],
  ['V03 returns undefined for too few texts', { base64: ['AAA='] }, undefined],
]

describe('decodeReply()', () => {
  for (const [name, embeddingsByType, vectors] of encoded) {
    it(name, () => {
      const result = v.parse(EmbedTextResult, { embeddingsByType })
      assert.deepEqual(decodeReply(result, 2, 'base64')?.vectors, vectors)
    })
  }

  it('reads no base64 that was not asked for', () => {
    const answer = { embeddings: VECTORS, embeddingsByType: { base64: ['AAA=', 'BBB='] } }
    assert.deepEqual(decodeReply(v.parse(EmbedTextResult, answer), 2)?.vectors, VECTORS)
  })

  for (const [name, answer, reply] of cases) {
    it(name, () => assert.deepEqual(decodeReply(v.parse(EmbedTextResult, answer), 2), reply))
  }
})
