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
  ['adds up a list of counts', { embeddings: VECTORS, inputTextTokenCounts: [5, 4] }, {
    vectors: VECTORS,
    usage: { prompt: 9, total: 9 },
  }],
  ['goes by usage where both are there', {
    embeddings: VECTORS,
    usage: USAGE,
    inputTextTokenCounts: [5, 4],
  }, { vectors: VECTORS, usage: { prompt: 4, total: 4 } }],
  ['V09 needs no count', { embeddings: VECTORS }, { vectors: VECTORS, usage: undefined }],
  ['V09 makes nothing of a count that is none', {
    embeddings: VECTORS,
    usage: null,
    inputTextTokenCounts: 'many',
  }, { vectors: VECTORS, usage: undefined }],
  ['V11 takes the floats of several types', {
    embeddings: [],
    embeddingsByType: { int8: [[1, 2], [3, 4]], float: VECTORS },
  }, { vectors: VECTORS, usage: undefined }],
  ['V11 takes them in capitals, too', { embeddingsByType: { FLOAT: VECTORS } }, {
    vectors: VECTORS,
    usage: undefined,
  }],
  ['V11 makes do with the plain list', { embeddings: VECTORS, embeddingsByType: { int8: [] } }, {
    vectors: VECTORS,
    usage: undefined,
  }],
  ['reads nothing of too few', { embeddings: [[1]] }, undefined],
  ['reads nothing of too many', { embeddings: [[1], [2], [3]] }, undefined],
  ['reads nothing without vectors', { id: 'a' }, undefined],
  ['reads no vector of texts', { embeddings: [['1'], ['2']] }, undefined],
  ['reads no empty vector', { embeddings: [[1], []] }, undefined],
]

describe('decodeReply()', () => {
  for (const [name, answer, reply] of cases) {
    it(name, () => assert.deepEqual(decodeReply(v.parse(EmbedTextResult, answer), 2), reply))
  }
})
