import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ChatRequest, Tool } from '../../../../src/chat/model.ts'
import type { ModelProfile } from '../../../../src/oci/models/profiles.ts'
import { send } from './request.ts'

type Case = [
  name: string,
  parameters: Partial<ChatRequest>,
  model: Partial<ModelProfile>,
  /** Members added to the default request. */
  sent: object,
  ...warnings: string[],
]

const REFUSED: Partial<ModelProfile> = {
  unsupportedParameters: [
    'temperature',
    'topP',
    'topK',
    'stop',
    'presencePenalty',
    'frequencyPenalty',
    'reasoningEffort',
    'verbosity',
    'prediction',
    'webSearch',
    'parallelToolCalls',
    'logprobs',
    'seed',
    'logitBias',
    'choices',
    'metadata',
    'serviceTier',
    'responseFormat',
    'toolChoice',
  ],
}
const TOOL: Tool = { name: 'f', description: undefined, parameters: undefined, strict: false }
const ONE_TOOL = {
  tools: [{ type: 'FUNCTION', name: 'f', parameters: { type: 'object', properties: {} } }],
}

const limits: Case[] = [
  ['P01 sends maxCompletionTokens where the model requires it', { outputLimit: 1000 }, {
    tokenField: 'maxCompletionTokens',
  }, { maxCompletionTokens: 1000 }],
  ['P02 sends maxTokens where the model requires it', { outputLimit: 1000 }, {}, {
    maxTokens: 1000,
  }],
  ['P04 sends the limit of the model by default', {}, {
    maxOutputTokens: 65_536,
    defaultOutputTokens: 65_536,
  }, { maxTokens: 65_536 }],
  [
    'P05 lowers a limit above the maximum and warns',
    { outputLimit: 100_000 },
    {},
    { maxTokens: 4000 },
    'max_tokens: 100000 lowered to 4000, the maximum of acme.one',
  ],
  ['P05 keeps a limit at the maximum', { outputLimit: 4000 }, {}, { maxTokens: 4000 }],
  ['P05 keeps any limit where the maximum is unknown', { outputLimit: 100_000 }, {
    maxOutputTokens: undefined,
  }, { maxTokens: 100_000 }],
]

const parameters: Case[] = [
  ['P14 keeps zeros', { temperature: 0, topP: 0, topK: 0, seed: 0, presencePenalty: 0 }, {}, {
    temperature: 0,
    topP: 0,
    topK: 0,
    seed: 0,
    presencePenalty: 0,
  }],
  ['P12 requests several choices', { choices: 2 }, {}, { numGenerations: 2 }],
  ['P19 sends stop sequences', { stop: ['END'] }, {}, { stop: ['END'] }],
  ['P19 sends no empty list of stop sequences', { stop: [] }, {}, {}],
  ['P20 sends the number of alternatives', { logprobs: 3 }, {}, { logProbs: 3 }],
  ['P21 requests at least one alternative', { logprobs: 0 }, {}, { logProbs: 1 }],
  ['P24 sends metadata and the service tier', { metadata: { a: 'b' }, serviceTier: 'auto' }, {}, {
    metadata: { a: 'b' },
    serviceTier: 'AUTO',
  }],
  ['P26 sends verbosity', { verbosity: 'low' }, {}, { verbosity: 'LOW' }],
  [
    'P30 sends seed, bias, penalty and top k',
    { seed: 7, logitBias: { 6395: 2 }, frequencyPenalty: 0.1, topK: 20 },
    {},
    { seed: 7, logitBias: { 6395: 2 }, frequencyPenalty: 0.1, topK: 20 },
  ],
  ['P31 sends a prediction', { prediction: 'abc' }, {}, {
    prediction: { type: 'CONTENT', content: [{ type: 'TEXT', text: 'abc' }] },
  }],
  [
    'P34 sends empty web search options',
    { webSearch: { contextSize: undefined, location: undefined } },
    {},
    {
      webSearchOptions: {},
    },
  ],
  [
    'P34 sends web search options',
    { webSearch: { contextSize: 'high', location: { city: 'Ulm', country: 'DE' } } },
    {},
    {
      webSearchOptions: { searchContextSize: 'HIGH', userLocation: { city: 'Ulm', country: 'DE' } },
    },
  ],
]

const tools: Case[] = [
  ['P22 sends parallel tool calls', { tools: [TOOL], parallelToolCalls: false }, {}, {
    ...ONE_TOOL,
    isParallelToolCalls: false,
  }],
  ['P22 does not send it without tools', { parallelToolCalls: false }, {}, {}],
  ['P27 sends no empty list of tools', { tools: [] }, {}, {}],
  ['P28 drops the tool choice without tools', { toolChoice: { type: 'auto' } }, {}, {}],
  ['T04 sends the tool choice', { tools: [TOOL], toolChoice: { type: 'required' } }, {}, {
    ...ONE_TOOL,
    toolChoice: { type: 'REQUIRED' },
  }],
  ['P29 sends no format for text', { responseFormat: undefined }, {}, {}],
  ['J02 sends JSON mode', { responseFormat: { type: 'json-object' } }, {}, {
    responseFormat: { type: 'JSON_OBJECT' },
  }],
  [
    'T24 keeps the first of two tools with the same name and warns',
    { tools: [TOOL, { ...TOOL, description: 'second' }] },
    {},
    ONE_TOOL,
    'tools: duplicate "f" left out',
  ],
]

const refusals: Case[] = [
  [
    'P13 omits a temperature that the model rejects and warns',
    { temperature: 0.7 },
    { unsupportedParameters: ['temperature'] },
    {},
    'temperature: not supported by acme.one, left out',
  ],
  [
    'P15 omits reasoning effort for a model without reasoning and warns',
    { reasoningEffort: 'high' },
    { reasoning: false },
    {},
    'reasoning_effort: not supported by acme.one, left out',
  ],
  ['P15 does not warn about the effort "none"', { reasoningEffort: 'none' }, {
    reasoning: false,
  }, {}],
  [
    'P13 warns about everything that is omitted',
    {
      temperature: 0.7,
      topP: 0.5,
      topK: 3,
      stop: ['END'],
      presencePenalty: 1,
      frequencyPenalty: 1,
      reasoningEffort: 'none',
      verbosity: 'low',
      prediction: 'abc',
      webSearch: { contextSize: undefined, location: undefined },
      parallelToolCalls: false,
      logprobs: 0,
      seed: 0,
      logitBias: {},
      choices: 2,
      metadata: {},
      serviceTier: 'priority',
      responseFormat: { type: 'json-object' },
      toolChoice: { type: 'required' },
      tools: [TOOL],
    },
    REFUSED,
    ONE_TOOL,
    'temperature: not supported by acme.one, left out',
    'top_p: not supported by acme.one, left out',
    'top_k: not supported by acme.one, left out',
    'stop: not supported by acme.one, left out',
    'presence_penalty: not supported by acme.one, left out',
    'frequency_penalty: not supported by acme.one, left out',
    'reasoning_effort: not supported by acme.one, left out',
    'verbosity: not supported by acme.one, left out',
    'prediction: not supported by acme.one, left out',
    'web_search_options: not supported by acme.one, left out',
    'parallel_tool_calls: not supported by acme.one, left out',
    'logprobs: not supported by acme.one, left out',
    'seed: not supported by acme.one, left out',
    'logit_bias: not supported by acme.one, left out',
    'n: not supported by acme.one, left out',
    'metadata: not supported by acme.one, left out',
    'service_tier: not supported by acme.one, left out',
    'response_format: not supported by acme.one, left out',
    'tool_choice: not supported by acme.one, left out',
  ],
  [
    'P11 does not warn about default values',
    {
      temperature: 1,
      topP: 1,
      presencePenalty: 0,
      frequencyPenalty: 0,
      verbosity: 'medium',
      choices: 1,
      serviceTier: 'auto',
      parallelToolCalls: true,
      toolChoice: { type: 'auto' },
      tools: [TOOL],
    },
    REFUSED,
    ONE_TOOL,
  ],
  ['P23 does not warn about absent parameters', {}, REFUSED, {}],
  [
    'writes warnings in ASCII',
    { model: 'größe\n', seed: 1 },
    { unsupportedParameters: ['seed'] },
    {},
    'seed: not supported by gr??e?, left out',
  ],
]

describe('encodeRequest()', () => {
  for (
    const [name, part, model, sent, ...expectedWarnings] of [
      ...limits,
      ...parameters,
      ...tools,
      ...refusals,
    ]
  ) {
    it(name, () => {
      const { body: { messages: _, ...rest }, warnings } = send(part, model)
      const limit = 'maxCompletionTokens' in sent ? {} : { maxTokens: 4000 }
      assert.deepEqual(rest, { apiFormat: 'GENERIC', ...limit, ...sent })
      assert.deepEqual(warnings, expectedWarnings)
    })
  }

  for (const effort of ['none', 'minimal', 'low', 'medium', 'high'] as const) {
    it(`P15 sends the reasoning effort ${effort}`, () => {
      const { body } = send({ reasoningEffort: effort })
      assert.equal(body['reasoningEffort'], effort.toUpperCase())
    })
  }

  it('R-A7 sends the nearest effort that the model and the format have, and warns', () => {
    const reasoningEfforts = ['low', 'medium', 'high', 'xhigh'] as const
    const cases = [['none', 'LOW'], ['minimal', 'LOW'], ['xhigh', 'HIGH'], ['max', 'HIGH']] as const
    for (const [effort, sent] of cases) {
      const { body, warnings } = send({ reasoningEffort: effort }, { reasoningEfforts })
      assert.equal(body['reasoningEffort'], sent)
      assert.deepEqual(warnings, [`reasoning_effort: sent as ${sent.toLowerCase()}`])
    }
  })

  it('P23 sends no absent parameters', () => {
    assert.deepEqual(send({}), {
      body: {
        apiFormat: 'GENERIC',
        messages: [{ role: 'USER', content: [{ type: 'TEXT', text: 'Hi' }] }],
        maxTokens: 4000,
      },
      warnings: [],
    })
  })

  it('P08 P09 requests usage in every stream', () => {
    const { body: { messages: _, ...rest } } = send({}, {}, { stream: true })
    assert.deepEqual(rest, {
      apiFormat: 'GENERIC',
      isStream: true,
      streamOptions: { isIncludeUsage: true },
      maxTokens: 4000,
    })
  })
})
