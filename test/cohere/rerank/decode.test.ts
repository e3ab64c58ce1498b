import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as v from 'valibot'
import { decodeRequest } from '../../../src/cohere/rerank/decode.ts'
import { RerankBody } from '../../../src/cohere/rerank/schema.ts'
import type { RerankRequest } from '../../../src/rerank/model.ts'

type Case = [name: string, asked: object, request: Partial<RerankRequest>]

const cases: Case[] = [
  ['V12 reads texts', {}, {}],
  ['V12 reads the text of objects', { documents: ['a', { text: 'b' }] }, {}],
  ['pays no heed to what else a document bears', { documents: [{ text: 'a', id: 1 }] }, {
    documents: ['a'],
  }],
  ['reads a document without a text whole', { documents: [{ title: 'a', year: 2000 }] }, {
    documents: ['{"title":"a","year":2000}'],
  }],
  ['reads the fields that are named', {
    documents: [{ text: 'a', title: 'b', id: 1 }],
    rank_fields: ['title', 'text'],
  }, { documents: ['{"text":"a","title":"b"}'] }],
  ['V12 reads how many are wanted', { top_n: 1 }, { top: 1 }],
  ['V12 reads that the documents are wanted back', { return_documents: true }, { echo: true }],
  ['reads the limits', { max_chunks_per_doc: 5, max_tokens_per_doc: 500 }, {
    maxChunksPerDocument: 5,
    maxTokensPerDocument: 500,
  }],
  ['reads nulls as nothing', {
    top_n: null,
    rank_fields: null,
    return_documents: null,
    max_chunks_per_doc: null,
    max_tokens_per_doc: null,
  }, {}],
]

describe('decodeRequest() of a rerank', () => {
  for (const [name, asked, request] of cases) {
    it(name, () => {
      assert.deepEqual(decodeRequest(v.parse(RerankBody, bodyOf(asked))), {
        model: 'm',
        query: 'q',
        documents: ['a', 'b'],
        top: undefined,
        echo: false,
        maxChunksPerDocument: undefined,
        maxTokensPerDocument: undefined,
        ...request,
      })
    })
  }
})

describe('RerankBody', () => {
  const wrong: [name: string, member: object, path: string][] = [
    ['no model', { model: undefined }, 'model'],
    ['an empty query', { query: '' }, 'query'],
    ['no documents', { documents: undefined }, 'documents'],
    ['an empty list', { documents: [] }, 'documents'],
    ['a document that is a number', { documents: ['a', 1] }, 'documents.1'],
    ['none of the best', { top_n: 0 }, 'top_n'],
    ['a wish that is no yes or no', { return_documents: 'yes' }, 'return_documents'],
  ]
  for (const [name, member, path] of wrong) {
    it(`refuses ${name}`, () => {
      const { success, issues } = v.safeParse(RerankBody, bodyOf(member))
      assert.ok(!success)
      assert.equal(v.getDotPath(issues[0]), path)
    })
  }
})

function bodyOf(asked: object): object {
  return { model: 'm', query: 'q', documents: ['a', 'b'], ...asked }
}
