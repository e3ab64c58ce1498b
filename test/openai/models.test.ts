import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as v from 'valibot'
import { encodeModel, encodeModelList, type ModelCard } from '../../src/openai/models.ts'
import { Model, ModelList } from './chat/public-schema.ts'

const PLAIN: ModelCard = {
  id: 'acme.one',
  created: 0,
  owner: 'acme',
  aliasOf: undefined,
  contextWindow: undefined,
  outputLimit: undefined,
  inputs: ['text'],
  tasks: ['chat'],
  ...{ retired: false, deprecated: false },
  ...{ onDemandUntil: undefined, deprecatedAt: undefined, dedicatedUntil: undefined },
  ...{ serving: [], replacements: [], regions: [] },
  tools: false,
  reasoning: false,
}

const MODEL = {
  id: 'acme.one',
  object: 'model',
  created: 0,
  owned_by: 'acme',
  architecture: { input_modalities: ['text'], output_modalities: ['text'] },
  capabilities: {
    chat: true,
    embeddings: false,
    rerank: false,
    tools: false,
    reasoning: false,
    vision: false,
    streaming: true,
  },
}

const cases: [name: string, card: Partial<ModelCard>, rest: object][] = [
  ["encodes OpenAI's members of a model", {}, {}],
  ['V17 encodes the context window under every name that clients use', { contextWindow: 128_000 }, {
    context_length: 128_000,
    context_window: 128_000,
    max_model_len: 128_000,
    meta: { n_ctx_train: 128_000 },
  }],
  ['encodes when the model is retired', { onDemandUntil: 1_800_000_000 }, {
    on_demand_until: 1_800_000_000,
  }],
  ['encodes the output limit', { outputLimit: 4_000 }, { max_output_tokens: 4_000 }],
  ['R-C8 has no output limit of an embedding model', {
    outputLimit: 4_000,
    tasks: ['embeddings'],
  }, {
    architecture: { input_modalities: ['text'], output_modalities: ['embeddings'] },
    capabilities: { ...MODEL.capabilities, chat: false, embeddings: true, streaming: false },
  }],
  ['encodes the model of an alias', { id: 'gpt', aliasOf: 'acme.one' }, {
    id: 'gpt',
    root: 'acme.one',
  }],
  ['names OCI as the owner of a model without one', { owner: '' }, { owned_by: 'oci' }],
  [
    'V17 encodes the input modalities',
    { inputs: ['text', 'image'], tools: true, reasoning: true },
    {
      architecture: { input_modalities: ['text', 'image'], output_modalities: ['text'] },
      capabilities: { ...MODEL.capabilities, tools: true, reasoning: true, vision: true },
    },
  ],
  ['V17 marks an embedding model', { tasks: ['embeddings'], tools: true }, {
    architecture: { input_modalities: ['text'], output_modalities: ['embeddings'] },
    capabilities: { ...MODEL.capabilities, chat: false, embeddings: true, streaming: false },
  }],
  ['V15 marks a retired model', { retired: true }, { retired: true }],
  ['encodes the time of creation', { created: 1_700_000_000 }, { created: 1_700_000_000 }],
]

describe('encodeModel()', () => {
  for (const [name, card, rest] of cases) {
    it(name, () => {
      const model = encodeModel({ ...PLAIN, ...card })
      assert.deepEqual(v.parse(Model, model), { ...MODEL, ...rest })
    })
  }
})

describe('encodeModelList()', () => {
  it('encodes a list', () => {
    const list = encodeModelList([PLAIN, { ...PLAIN, id: 'acme.two' }])
    assert.deepEqual(v.parse(ModelList, list), {
      object: 'list',
      data: [MODEL, { ...MODEL, id: 'acme.two' }],
    })
  })

  it('encodes an empty list', () => {
    assert.deepEqual(encodeModelList([]), { object: 'list', data: [] })
  })
})
