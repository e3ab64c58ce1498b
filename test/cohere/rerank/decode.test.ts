import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as v from 'valibot'
import { decodeRequest } from '../../../src/cohere/rerank/decode.ts'
import { RerankBody } from '../../../src/cohere/rerank/schema.ts'
import type { RerankRequest } from '../../../src/rerank/model.ts'

type Case = [name: string, payload: object, request: Partial<RerankRequest>]

const cases: Case[] = [
  ['V12 decodes strings', {}, {}],
  ['V12 decodes the text of objects', { documents: ['a', { text: 'b' }] }, {}],
  ['ignores other fields of a document', { documents: [{ text: 'a', id: 1 }] }, {
    documents: ['a'],
  }],
  ['uses all of a document without text', { documents: [{ title: 'a', year: 2000 }] }, {
    documents: ['{"title":"a","year":2000}'],
  }],
  ['uses the named fields', {
    documents: [{ text: 'a', title: 'b', id: 1 }],
    rank_fields: ['title', 'text'],
  }, { documents: ['{"text":"a","title":"b"}'] }],
  ['V12 decodes the number of results', { top_n: 1 }, { top: 1 }],
  ['V12 decodes that documents are returned', { return_documents: true }, { echo: true }],
  ['decodes the limits', { max_chunks_per_doc: 5, max_tokens_per_doc: 500 }, {
    maxChunksPerDocument: 5,
    maxTokensPerDocument: 500,
  }],
  ['treats null as absent', {
    top_n: null,
    rank_fields: null,
    return_documents: null,
    max_chunks_per_doc: null,
    max_tokens_per_doc: null,
  }, {}],
]

describe('decodeRequest() of a rerank', () => {
  for (const [name, payload, request] of cases) {
    it(name, () => {
      assert.deepEqual(decodeRequest(v.parse(RerankBody, bodyOf(payload))), {
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
    ['zero results', { top_n: 0 }, 'top_n'],
    ['return_documents that is not a boolean', { return_documents: 'yes' }, 'return_documents'],
  ]
  for (const [name, member, path] of wrong) {
    it(`rejects ${name}`, () => {
      const { success, issues } = v.safeParse(RerankBody, bodyOf(member))
      assert.ok(!success)
      assert.equal(v.getDotPath(issues[0]), path)
    })
  }
})

function bodyOf(payload: object): object {
  return { model: 'm', query: 'q', documents: ['a', 'b'], ...payload }
}
