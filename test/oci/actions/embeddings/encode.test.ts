import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { EmbeddingInput, EmbeddingRequest } from '../../../../src/embeddings/model.ts'
import { ApiError } from '../../../../src/errors.ts'
import { encodeRequest } from '../../../../src/oci/actions/embeddings/encode.ts'
import type { Base64Type } from '../../../../src/oci/models/model-profile.ts'
import type { EmbedTextDetails } from '../../../../src/oci/actions/embeddings/wire.ts'
import { COMPARTMENT } from '../../context.ts'
import { profile } from '../../profile.ts'

const V4 = 'cohere.embed-v4.0'
const V3 = 'cohere.embed-multilingual-v3.0'
const LIGHT = 'cohere.embed-english-light-v3.0'
const IMAGE_V3 = 'cohere.embed-english-image-v3.0'
const PNG = 'data:image/png;base64,iVBORw0KGgo='
const IMAGE: EmbeddingInput = { type: 'image', url: PNG, param: 'input[1]' }

type Case = [
  name: string,
  model: string,
  request: Partial<EmbeddingRequest>,
  body: Partial<EmbedTextDetails>,
]

const cases: Case[] = [
  ['V08 sends SEARCH_DOCUMENT by default', V3, {}, { inputType: 'SEARCH_DOCUMENT' }],
  ['V08 sends the purpose search-query', V3, { purpose: 'search-query' }, {
    inputType: 'SEARCH_QUERY',
  }],
  ['sends the purpose classification', V3, { purpose: 'classification' }, {
    inputType: 'CLASSIFICATION',
  }],
  ['sends the purpose clustering', V3, { purpose: 'clustering' }, { inputType: 'CLUSTERING' }],
  ['V04 sends the dimensions', V4, { dimensions: 512 }, { outputDimensions: 512 }],
  ['V04 sends no dimensions to a model with one length', V3, { dimensions: 1024 }, {
    outputDimensions: undefined,
  }],
  ['V04 sends no dimensions to a small model with one length', LIGHT, { dimensions: 384 }, {
    outputDimensions: undefined,
  }],
  ['V04 sends any dimensions to an unknown model', 'acme.embed-v9', { dimensions: 7 }, {
    outputDimensions: 7,
  }],
  ['sends where to truncate a text', V3, { truncate: 'start' }, {
    truncate: 'START',
  }],
  ['V07 sends an image as content to Embed v4', V4, { inputs: [IMAGE] }, {
    inputs: undefined,
    embedContents: [{ type: 'IMAGE', imageUrl: { url: PNG } }],
    inputType: 'IMAGE',
  }],
  ['V07 sends an image as input to Embed v3', IMAGE_V3, { inputs: [IMAGE] }, {
    inputs: [PNG],
    embedContents: undefined,
    inputType: 'IMAGE',
  }],
  ['V07 sends the input type IMAGE for any purpose', V4, {
    inputs: [IMAGE],
    purpose: 'search-query',
  }, {
    inputs: undefined,
    embedContents: [{ type: 'IMAGE', imageUrl: { url: PNG } }],
    inputType: 'IMAGE',
  }],
  ['sends to a dedicated endpoint', 'ocid1.generativeaiendpoint.oc1.us-chicago-1.aaaa', {}, {
    servingMode: {
      servingType: 'DEDICATED',
      endpointId: 'ocid1.generativeaiendpoint.oc1.us-chicago-1.aaaa',
    },
  }],
]

describe('encodeRequest()', () => {
  for (const [name, model, request, expected] of cases) {
    it(name, () => {
      assert.deepEqual(encode(model, request), [{
        positions: [0],
        body: { ...bodyOf(model), ...expected },
      }])
    })
  }

  it('V02 splits 97 texts into 96 and one', () => {
    const inputs = Array.from({ length: 97 }, (_, at) => text(`text ${at}`))
    const batches = encode(V3, { inputs })
    assert.deepEqual(batches.map(({ body }) => body.inputs?.length), [96, 1])
    assert.deepEqual(batches.flatMap(({ positions }) => positions), [...inputs.keys()])
    assert.deepEqual(batches[1]?.body.inputs, ['text 96'])
  })

  it('sends 96 texts in one call', () => {
    assert.equal(encode(V3, { inputs: Array(96).fill(text('a')) }).length, 1)
  })

  it('V07 sends texts together and each image alone', () => {
    const batches = encode(V4, { inputs: [text('a'), IMAGE, text('b'), IMAGE] })
    assert.deepEqual(batches.map(({ positions }) => positions), [[0, 2], [1], [3]])
    assert.deepEqual(batches.map(({ body }) => body.inputs), [['a', 'b'], undefined, undefined])
  })

  it('V03 asks for base64 of texts only where the model is known to return it', () => {
    const inputs = [text('a'), IMAGE]
    const typesOf = (encoding: 'float' | 'base64', type?: Base64Type) =>
      encode(V4, { inputs, encoding }, type).map(({ body }) => body.embeddingTypes)
    assert.deepEqual(typesOf('base64', 'BASE64'), [['BASE64'], undefined])
    assert.deepEqual(typesOf('base64'), [undefined, undefined])
    assert.deepEqual(typesOf('float', 'base64'), [undefined, undefined])
  })

  const refusals: [
    name: string,
    model: string,
    request: Partial<EmbeddingRequest>,
    param: string,
  ][] = [
    ['V04 rejects dimensions for a model with one length', V3, { dimensions: 512 }, 'dimensions'],
    ['V04 rejects dimensions that the model does not have', V4, { dimensions: 300 }, 'dimensions'],
    [
      'V07 rejects an image for a text-only model',
      V3,
      { inputs: [text('a'), IMAGE] },
      'input[1]',
    ],
    ['rejects a text as an image', V4, { purpose: 'image' }, 'input_type'],
  ]
  for (const [name, model, request, param] of refusals) {
    it(name, () => {
      assert.throws(
        () => encode(model, request),
        (thrown) => thrown instanceof ApiError && thrown.status === 400 && thrown.param === param,
      )
    })
  }

  it('V04 names the possible dimensions', () => {
    assert.throws(() => encode(V4, { dimensions: 300 }), {
      message: `"dimensions" must be one of 256, 512, 1024 or 1536 for "${V4}"`,
    })
  })
})

function encode(
  model: string,
  overrides: Partial<EmbeddingRequest>,
  base64Embeddings?: Base64Type,
) {
  const request: EmbeddingRequest = {
    model,
    inputs: [text('a')],
    purpose: undefined,
    dimensions: undefined,
    truncate: undefined,
    encoding: 'float',
    ...overrides,
  }
  return encodeRequest(request, {
    model,
    name: model.startsWith('ocid1.') ? undefined : model,
    profile: profile({ base64Embeddings }),
    compartmentId: COMPARTMENT,
  })
}

function bodyOf(modelId: string): EmbedTextDetails {
  return {
    compartmentId: COMPARTMENT,
    servingMode: { servingType: 'ON_DEMAND', modelId },
    inputs: ['a'],
    embedContents: undefined,
    inputType: 'SEARCH_DOCUMENT',
    truncate: undefined,
    outputDimensions: undefined,
    embeddingTypes: undefined,
  }
}

function text(words: string): EmbeddingInput {
  return { type: 'text', text: words }
}
