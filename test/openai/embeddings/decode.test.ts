import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as v from 'valibot'
import type { EmbeddingInput, EmbeddingRequest } from '../../../src/embeddings/model.ts'
import { ApiError } from '../../../src/errors.ts'
import { decodeRequest } from '../../../src/openai/embeddings/decode.ts'
import { EmbeddingsRequest } from '../../../src/openai/embeddings/schema.ts'

const PNG = 'data:image/png;base64,iVBORw0KGgo='

type Case = [name: string, payload: object, request: Partial<EmbeddingRequest>]

const cases: Case[] = [
  ['V01 decodes one text', { input: 'a' }, { inputs: [text('a')] }],
  ['V01 decodes several texts', { input: ['a', 'b'] }, { inputs: [text('a'), text('b')] }],
  ['V04 decodes the dimensions', { dimensions: 512 }, { dimensions: 512 }],
  ['V07 decodes a data URL as an image', { input: ['a', PNG] }, {
    inputs: [text('a'), image('input[1]', { isString: true })],
  }],
  ['V07 decodes parts', {
    input: [{ type: 'text', text: 'a' }, { type: 'image_url', image_url: { url: PNG } }],
  }, { inputs: [text('a'), image('input[1]')] }],
  ['V07 decodes one part with a string as URL', { input: { type: 'image_url', image_url: PNG } }, {
    inputs: [image('input')],
  }],
  ...['data:image/', 'data:image/png;base64,iVBOR and more', 'data:image/png is a prefix'].map(
    (written): Case => [`R-C11 decodes as text: ${written}`, { input: ['a', written] }, {
      inputs: [text('a'), text(written)],
    }],
  ),
  ['decodes a text that contains a data URL as text', { input: `See ${PNG}` }, {
    inputs: [text(`See ${PNG}`)],
  }],
  ['V08 decodes the input type', { input_type: 'search_query' }, { purpose: 'search-query' }],
  ['V08 decodes the input type in capitals', { input_type: 'CLUSTERING' }, {
    purpose: 'clustering',
  }],
  ['decodes truncate', { truncate: 'END' }, { truncate: 'end' }],
  ['V03 decodes the encoding', { encoding_format: 'base64' }, { encoding: 'base64' }],
  ['treats null as absent', {
    dimensions: null,
    encoding_format: null,
    input_type: null,
    truncate: null,
  }, {}],
]

describe('decodeRequest() of embeddings', () => {
  for (const [name, payload, request] of cases) {
    it(name, () => {
      assert.deepEqual(decode(payload), {
        model: 'm',
        inputs: [text('a')],
        purpose: undefined,
        dimensions: undefined,
        truncate: undefined,
        encoding: 'float',
        ...request,
      })
    })
  }

  const refusals: [name: string, input: unknown, param: string, message: RegExp][] = [
    ['V05 rejects tokens', [1, 2], 'input', /check_embedding_ctx_length=False/],
    ['V05 rejects lists of tokens', [[1, 2], [3]], 'input', /check_embedding_ctx_length=False/],
    ['V06 rejects an empty text', '', 'input', /must not be empty/],
    ['V06 rejects one empty text of several', ['a', ''], 'input[1]', /must not be empty/],
    ['V06 rejects an empty list', [], 'input', /must not be empty/],
    ['V06 rejects an empty part', [{ type: 'text', text: '' }], 'input[0]', /must not be empty/],
    [
      'V07 rejects a web address',
      [{ type: 'image_url', image_url: { url: 'https://example.com/a.png' } }],
      'input[0]',
      /Send a data URL/,
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
    ['a null input', { input: null }, 'input'],
    ['a number', { input: [true] }, 'input.0'],
    ['no model', { model: '' }, 'model'],
    ['dimensions of 0', { dimensions: 0 }, 'dimensions'],
    ['dimensions of 1.5', { dimensions: 1.5 }, 'dimensions'],
    ['another format', { encoding_format: 'hex' }, 'encoding_format'],
    ['another type', { input_type: 'passage' }, 'input_type'],
    ['another end', { truncate: 'middle' }, 'truncate'],
  ]
  for (const [name, member, path] of wrong) {
    it(`rejects ${name}`, () => {
      const { success, issues } = v.safeParse(EmbeddingsRequest, bodyOf(member))
      assert.ok(!success)
      assert.equal(v.getDotPath(issues[0]), path)
    })
  }
})

function decode(payload: object): EmbeddingRequest {
  return decodeRequest(v.parse(EmbeddingsRequest, bodyOf(payload)))
}

function bodyOf(payload: object): object {
  return { model: 'm', input: 'a', ...payload }
}

function text(content: string): EmbeddingInput {
  return { type: 'text', text: content }
}

function image(param: string, rest: { isString?: true } = {}): EmbeddingInput {
  return { type: 'image', url: PNG, param, ...rest }
}
