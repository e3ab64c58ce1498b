import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as v from 'valibot'
import { decodeReply } from '../../../../src/oci/actions/rerank/decode.ts'
import { RerankTextResult } from '../../../../src/oci/actions/rerank/wire.ts'
import type { RerankReply } from '../../../../src/rerank/model.ts'
import { rerankRequest } from './request.ts'

type Case = [name: string, echo: boolean, answer: object, reply: RerankReply | undefined]

const cases: Case[] = [
  ['reads ranks', false, answerOf({ index: 1, relevanceScore: 0.9 }), replyOf(undefined)],
  [
    'V12 reads a document that is an object',
    true,
    answerOf({ index: 1, relevanceScore: 0.9, document: { text: 'B' } }),
    replyOf('B'),
  ],
  [
    'V12 reads a document that is a text',
    true,
    answerOf({ index: 1, relevanceScore: 0.9, document: 'B' }),
    replyOf('B'),
  ],
  [
    'V12 returns the document of the request where OCI returns none',
    true,
    answerOf({ index: 1, relevanceScore: 0.9, document: null }),
    replyOf('b'),
  ],
  [
    'returns no document that was not requested',
    false,
    answerOf({ index: 1, relevanceScore: 0.9, document: 'B' }),
    replyOf(undefined),
  ],
  ['accepts a missing id', false, { documentRanks: [] }, { id: undefined, ranks: [] }],
  [
    'returns undefined for an unknown document',
    false,
    answerOf({ index: 2, relevanceScore: 1 }),
    undefined,
  ],
]

describe('decodeReply()', () => {
  for (const [name, echo, answer, reply] of cases) {
    it(name, () => {
      const request = rerankRequest({ echo })
      assert.deepEqual(decodeReply(v.parse(RerankTextResult, answer), request), reply)
    })
  }
})

function answerOf(...documentRanks: object[]): object {
  return { id: 'r', modelId: 'acme.rank', documentRanks }
}

function replyOf(text: string | undefined): RerankReply {
  return { id: 'r', ranks: [{ index: 1, score: 0.9, text }] }
}
