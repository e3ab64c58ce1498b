import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as v from 'valibot'
import type { EmbeddingInput, EmbeddingRequest } from '../../../src/embeddings/model.ts'
import { ApiError } from '../../../src/errors.ts'
import { decodeRequest } from '../../../src/openai/embeddings/decode.ts'
import { EmbeddingsRequest } from '../../../src/openai/embeddings/schema.ts'

const PNG = 'data:image/png;base64,iVBORw0KGgo='

type Case = [name: string, asked: object, request: Partial<EmbeddingRequest>]

const cases: Case[] = [
  ['V01 reads one text', { input: 'a' }, { inputs: [text('a')] }],
  ['V01 reads several', { input: ['a', 'b'] }, { inputs: [text('a'), text('b')] }],
  ['V04 reads a length', { dimensions: 512 }, { dimensions: 512 }],
  ['V07 reads a data URL as a picture', { input: ['a', PNG] }, {
    inputs: [text('a'), image('input[1]')],
  }],
  ['V07 reads parts', {
    input: [{ type: 'text', text: 'a' }, { type: 'image_url', image_url: { url: PNG } }],
  }, { inputs: [text('a'), image('input[1]')] }],
  ['V07 reads one part, its address a text', { input: { type: 'image_url', image_url: PNG } }, {
    inputs: [image('input')],
  }],
  ['takes a text about data URLs for a text', { input: `See ${PNG}` }, {
    inputs: [text(`See ${PNG}`)],
  }],
  ['V08 reads what it is for', { input_type: 'search_query' }, { purpose: 'search-query' }],
  ['V08 reads it in capitals', { input_type: 'CLUSTERING' }, { purpose: 'clustering' }],
  ['reads which end may be cut', { truncate: 'END' }, { truncate: 'end' }],
  ['reads nulls as nothing', {
    dimensions: null,
    encoding_format: null,
    input_type: null,
    truncate: null,
  }, {}],
]

describe('decodeRequest() of embeddings', () => {
  for (const [name, asked, request] of cases) {
    it(name, () => {
      assert.deepEqual(decode(asked), {
        model: 'm',
        inputs: [text('a')],
        purpose: undefined,
        dimensions: undefined,
        truncate: undefined,
        ...request,
      })
    })
  }

  const refusals: [name: string, input: unknown, param: string, message: RegExp][] = [
    ['V05 refuses tokens', [1, 2], 'input', /check_embedding_ctx_length=False/],
    ['V05 refuses lists of tokens', [[1, 2], [3]], 'input', /check_embedding_ctx_length=False/],
    ['V06 refuses an empty text', '', 'input', /it is empty/],
    ['V06 refuses one of many', ['a', ''], 'input[1]', /it is empty/],
    ['V06 refuses an empty list', [], 'input', /it is empty/],
    ['V06 refuses an empty part', [{ type: 'text', text: '' }], 'input[0]', /it is empty/],
    [
      'V07 refuses an address',
      [{ type: 'image_url', image_url: { url: 'https://example.com/a.png' } }],
      'input[0]',
      /send a data URL/,
    ],
  ]
  for (const [name, input, param, message] of refusals) {
    it(name, () => {
      assert.throws(() => decode({ input }), (thrown) => {
        assert.ok(thrown instanceof ApiError)
        assert.deepEqual([thrown.status, thrown.param], [400, param])
        assert.match(thrown.message, message)
        return true
      })
    })
  }
})

describe('EmbeddingsRequest', () => {
  const wrong: [name: string, member: object, path: string][] = [
    ['no input', { input: undefined }, 'input'],
    ['an input that is nothing', { input: null }, 'input'],
    ['a number', { input: [true] }, 'input.0'],
    ['no model', { model: '' }, 'model'],
    ['a length that is none', { dimensions: 0 }, 'dimensions'],
    ['half a length', { dimensions: 1.5 }, 'dimensions'],
    ['another format', { encoding_format: 'hex' }, 'encoding_format'],
    ['another type', { input_type: 'passage' }, 'input_type'],
    ['another end', { truncate: 'middle' }, 'truncate'],
  ]
  for (const [name, member, path] of wrong) {
    it(`refuses ${name}`, () => {
      const { success, issues } = v.safeParse(EmbeddingsRequest, bodyOf(member))
      assert.ok(!success)
      assert.equal(v.getDotPath(issues[0]), path)
    })
  }
})

function decode(asked: object): EmbeddingRequest {
  return decodeRequest(v.parse(EmbeddingsRequest, bodyOf(asked)))
}

function bodyOf(asked: object): object {
  return { model: 'm', input: 'a', ...asked }
}

function text(words: string): EmbeddingInput {
  return { type: 'text', text: words }
}

function image(param: string): EmbeddingInput {
  return { type: 'image', url: PNG, param }
}
