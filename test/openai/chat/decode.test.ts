import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ChatRequest, Tool } from '../../../src/chat/model.ts'
import { decode, request } from './request.ts'

type Case = [
  name: string,
  payload: object,
  /** What the conversation has beside a minimal one. */
  expected: Partial<ChatRequest>,
  ...warnings: string[],
]

const NULLS = [
  ...['stream', 'stream_options', 'max_tokens', 'max_completion_tokens', 'temperature', 'top_p'],
  ...['top_k', 'frequency_penalty', 'presence_penalty', 'seed', 'stop', 'n', 'logprobs'],
  ...['top_logprobs', 'logit_bias', 'tools', 'tool_choice', 'parallel_tool_calls'],
  ...['response_format', 'reasoning_effort', 'verbosity', 'prediction', 'web_search_options'],
  ...['metadata', 'service_tier', 'store', 'user', 'functions', 'function_call', 'modalities'],
  ...['audio', 'prompt_cache_key', 'safety_identifier', 'whatever'],
]

const parameters: Case[] = [
  ['decodes a minimal request', {}, {}],
  [
    'decodes every number',
    {
      temperature: 0.7,
      top_p: 0.9,
      top_k: 20,
      frequency_penalty: 0.1,
      presence_penalty: -0.1,
      seed: 7,
      n: 2,
      logit_bias: { 6395: 2 },
    },
    {
      temperature: 0.7,
      topP: 0.9,
      topK: 20,
      frequencyPenalty: 0.1,
      presencePenalty: -0.1,
      seed: 7,
      choices: 2,
      logitBias: { 6395: 2 },
    },
  ],
  [
    'P14 keeps 0',
    { temperature: 0, top_p: 0, top_k: 0, frequency_penalty: 0, presence_penalty: 0, seed: 0 },
    { temperature: 0, topP: 0, topK: 0, frequencyPenalty: 0, presencePenalty: 0, seed: 0 },
  ],
  ['decodes max_tokens', { max_tokens: 1000 }, { outputLimit: 1000 }],
  ['decodes max_completion_tokens', { max_completion_tokens: 1000 }, { outputLimit: 1000 }],
  ['P03 prefers max_completion_tokens', { max_tokens: 500, max_completion_tokens: 900 }, {
    outputLimit: 900,
  }],
  ['P04 adds no limit', { max_tokens: null }, { outputLimit: undefined }],
  ['P10 accepts stream_options without stream', {
    stream: false,
    stream_options: { include_usage: true },
  }, {}],
  ['P19 decodes one stop sequence', { stop: 'END' }, { stop: ['END'] }],
  ['P19 decodes several stop sequences', { stop: ['a', 'b'] }, { stop: ['a', 'b'] }],
  ['P20 decodes the number of alternatives', { logprobs: true, top_logprobs: 3 }, { logprobs: 3 }],
  ['P21 decodes logprobs of the chosen token only', { logprobs: true }, { logprobs: 0 }],
  [
    'warns that alternatives need logprobs',
    { top_logprobs: 3 },
    {},
    'top_logprobs: needs logprobs, left out',
  ],
  ['gives no warning for 0 alternatives', { logprobs: false, top_logprobs: 0 }, {}],
  ['P22 decodes parallel_tool_calls', { parallel_tool_calls: false }, { parallelToolCalls: false }],
  ['P23 treats null as absent', Object.fromEntries(NULLS.map((name) => [name, null])), {}],
  ['P29 treats the text format as absent', { response_format: { type: 'text' } }, {}],
  ['J02 decodes the JSON mode without a schema', { response_format: { type: 'json_object' } }, {
    responseFormat: { type: 'json-object' },
  }],
  [
    'J01 decodes a JSON schema with unchanged keys',
    {
      response_format: {
        type: 'json_schema',
        json_schema: {
          name: 'r',
          description: 'd',
          strict: true,
          schema: { type: 'object', properties: { constructor: { title: 'x' } } },
        },
      },
    },
    {
      responseFormat: {
        type: 'json-schema',
        name: 'r',
        description: 'd',
        strict: true,
        schema: { type: 'object', properties: { constructor: { title: 'x' } } },
      },
    },
  ],
  ...[{}, { name: null }, { name: '' }].map((schema): Case => [
    `J04 adds a name to a schema with the name ${JSON.stringify(schema)}`,
    { response_format: { type: 'json_schema', json_schema: schema } },
    {
      responseFormat: {
        type: 'json-schema',
        name: 'response',
        description: undefined,
        schema: undefined,
        strict: undefined,
      },
    },
  ]),
  ...(['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'] as const).map((effort): Case => [
    `P15 decodes the effort ${effort}`,
    { reasoning_effort: effort },
    { reasoningEffort: effort },
  ]),
  ['P26 decodes verbosity', { verbosity: 'low' }, { verbosity: 'low' }],
  ['P31 decodes a prediction', { prediction: { type: 'content', content: 'abc' } }, {
    prediction: 'abc',
  }],
  [
    'P31 decodes a prediction in parts',
    {
      prediction: {
        type: 'content',
        content: [{ type: 'text', text: 'a' }, { type: 'text', text: 'b' }],
      },
    },
    { prediction: 'ab' },
  ],
  ['P34 decodes a web search without options', { web_search_options: {} }, {
    webSearch: { contextSize: undefined, location: undefined },
  }],
  [
    'P34 decodes the options of a web search',
    {
      web_search_options: {
        search_context_size: 'low',
        user_location: { type: 'approximate', approximate: { city: 'Bern', region: null } },
      },
    },
    { webSearch: { contextSize: 'low', location: { city: 'Bern' } } },
  ],
  ['P24 decodes metadata', { metadata: { a: 'b' } }, { metadata: { a: 'b' } }],
  ['P24 decodes the service tier', { service_tier: 'auto' }, { serviceTier: 'auto' }],
  [
    'P24 accepts members that have no effect and warns of unknown ones',
    {
      user: 'u',
      safety_identifier: 's',
      prompt_cache_key: 'k',
      prompt_cache_retention: '24h',
      store: false,
      foo: 1,
    },
    {},
    'foo: not known, left out',
  ],
  [
    'P25 drops a service tier that OCI does not have, with a warning',
    { service_tier: 'flex' },
    {},
    'service_tier: not known to OCI, left out',
  ],
  ['P07 accepts store:false without a warning', { store: false }, {}],
  ['P07 warns that nothing is stored', { store: true }, {}, 'store: nothing is stored'],
  [
    'warns of members named like those that every object has',
    {
      constructor: 1,
      toString: 2,
    },
    {},
    'toString: not known, left out',
  ],
]

const F: Tool = { name: 'f', description: undefined, parameters: undefined, strict: false }
const G: Tool = { ...F, name: 'g' }
const TOOLS = [{ type: 'function', function: { name: 'f' } }, {
  type: 'function',
  function: { name: 'g' },
}]

const tools: Case[] = [
  ['P27 accepts an empty list of tools', { tools: [] }, { tools: [] }],
  [
    'T01 decodes a function with unchanged schema',
    {
      tools: [{
        type: 'function',
        function: {
          name: 'f',
          description: 'd',
          parameters: { type: 'object', properties: { $ref: { type: 'string' } } },
        },
      }],
    },
    {
      tools: [{
        name: 'f',
        description: 'd',
        parameters: { type: 'object', properties: { $ref: { type: 'string' } } },
        strict: false,
      }],
    },
  ],
  [
    'T02 T03 decodes a function that has only a name',
    {
      tools: [{
        type: 'function',
        function: { name: 'f', description: null, parameters: null, strict: null },
      }],
    },
    { tools: [F] },
  ],
  ['T08 decodes strict without a warning', {
    tools: [{ type: 'function', function: { name: 'f', strict: true } }],
  }, { tools: [{ ...F, strict: true }] }],
  [
    'T09 drops tools that are not functions, with a warning',
    {
      tools: [
        { type: 'web_search_preview' },
        TOOLS[0],
        { type: 'custom', custom: {} },
      ],
    },
    { tools: [F] },
    'tools[0]: web_search_preview is not supported, left out',
    'tools[2]: custom is not supported, left out',
  ],
  ...(['auto', 'required', 'none'] as const).map((type): Case => [
    `T04 decodes the choice ${type}`,
    { tools: TOOLS, tool_choice: type },
    { tools: [F, G], toolChoice: { type } },
  ]),
  [
    'T05 decodes the choice of one function',
    { tools: TOOLS, tool_choice: { type: 'function', function: { name: 'f' } } },
    { tools: [F, G], toolChoice: { type: 'function', name: 'f' } },
  ],
  [
    'offers the allowed functions only',
    {
      tools: TOOLS,
      tool_choice: {
        type: 'allowed_tools',
        allowed_tools: { mode: 'required', tools: [TOOLS[1]] },
      },
    },
    { tools: [G], toolChoice: { type: 'required' } },
  ],
]

describe('decodeRequest()', () => {
  for (const [name, payload, expected, ...warnings] of [...parameters, ...tools]) {
    it(name, () => {
      assert.deepEqual(decode(payload), { request: request(expected), warnings })
    })
  }

  it('P33 keeps the name of the model unchanged', () => {
    const { request: { model } } = decode({ model: 'oci/openai.gpt-5' })
    assert.equal(model, 'oci/openai.gpt-5')
  })

  it('rejects the deprecated functions', () => {
    assert.throws(() => decode({ functions: [{ name: 'f' }] }), {
      name: 'ApiError',
      code: 'invalid_request',
      param: 'functions',
      message: '"functions" cannot be combined with "tools". Send "tools" only',
    })
  })

  it('accepts an empty list of the deprecated functions', () => {
    assert.deepEqual(decode({ functions: [] }), { request: request(), warnings: [] })
  })
})
