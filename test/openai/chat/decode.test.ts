import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ChatRequest, Tool } from '../../../src/chat/model.ts'
import { decode, request } from './request.ts'

type Case = [
  name: string,
  asked: object,
  /** What the conversation has beside what the least one has. */
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
  ['reads the least there is to ask', {}, {}],
  [
    'reads every number',
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
    'P14 keeps zeros',
    { temperature: 0, top_p: 0, top_k: 0, frequency_penalty: 0, presence_penalty: 0, seed: 0 },
    { temperature: 0, topP: 0, topK: 0, frequencyPenalty: 0, presencePenalty: 0, seed: 0 },
  ],
  ['reads max_tokens', { max_tokens: 1000 }, { outputLimit: 1000 }],
  ['reads max_completion_tokens', { max_completion_tokens: 1000 }, { outputLimit: 1000 }],
  ['P03 prefers max_completion_tokens', { max_tokens: 500, max_completion_tokens: 900 }, {
    outputLimit: 900,
  }],
  ['P04 makes up no limit', { max_tokens: null }, { outputLimit: undefined }],
  ['P10 leaves stream_options alone when it does not stream', {
    stream: false,
    stream_options: { include_usage: true },
  }, {}],
  ['P19 reads one stop word', { stop: 'END' }, { stop: ['END'] }],
  ['P19 reads several stop words', { stop: ['a', 'b'] }, { stop: ['a', 'b'] }],
  ['P20 reads how many alternatives', { logprobs: true, top_logprobs: 3 }, { logprobs: 3 }],
  ['P21 asks for the chosen token alone', { logprobs: true }, { logprobs: 0 }],
  [
    'tells that alternatives need logprobs',
    { top_logprobs: 3 },
    {},
    'top_logprobs: needs logprobs, left out',
  ],
  ['says nothing of no alternatives', { logprobs: false, top_logprobs: 0 }, {}],
  ['P22 reads parallel_tool_calls', { parallel_tool_calls: false }, { parallelToolCalls: false }],
  ['P23 takes null for absent', Object.fromEntries(NULLS.map((name) => [name, null])), {}],
  ['P29 takes a format of text for none', { response_format: { type: 'text' } }, {}],
  ['J02 reads the bare JSON mode', { response_format: { type: 'json_object' } }, {
    responseFormat: { type: 'json-object' },
  }],
  [
    'J01 reads a JSON schema, its keys untouched',
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
    `J04 names a schema that has the name ${JSON.stringify(schema)}`,
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
  ...(['none', 'minimal', 'low', 'medium', 'high'] as const).map((effort): Case => [
    `P15 reads the effort ${effort}`,
    { reasoning_effort: effort },
    { reasoningEffort: effort },
  ]),
  [
    'P15 lowers xhigh, and tells',
    { reasoning_effort: 'xhigh' },
    { reasoningEffort: 'high' },
    'reasoning_effort: sent as high',
  ],
  ['P26 reads verbosity', { verbosity: 'low' }, { verbosity: 'low' }],
  ['P31 reads a prediction', { prediction: { type: 'content', content: 'abc' } }, {
    prediction: 'abc',
  }],
  [
    'P31 reads a prediction in parts',
    {
      prediction: {
        type: 'content',
        content: [{ type: 'text', text: 'a' }, { type: 'text', text: 'b' }],
      },
    },
    { prediction: 'ab' },
  ],
  ['P34 reads that the web is to be searched', { web_search_options: {} }, {
    webSearch: { contextSize: undefined, location: undefined },
  }],
  [
    'P34 reads how the web is to be searched',
    {
      web_search_options: {
        search_context_size: 'low',
        user_location: { type: 'approximate', approximate: { city: 'Bern', region: null } },
      },
    },
    { webSearch: { contextSize: 'low', location: { city: 'Bern' } } },
  ],
  ['P24 reads metadata', { metadata: { a: 'b' } }, { metadata: { a: 'b' } }],
  ['P24 reads the service tier', { service_tier: 'auto' }, { serviceTier: 'auto' }],
  [
    'P24 takes what changes nothing, and tells of what it does not know',
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
    'P25 drops a service tier OCI has no word for, and tells',
    { service_tier: 'flex' },
    {},
    'service_tier: not known to OCI, left out',
  ],
  ['P07 takes store:false without a word', { store: false }, {}],
  ['P07 tells that nothing is stored', { store: true }, {}, 'store: nothing is stored'],
  [
    'takes names that every object has for names nobody knows',
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
  ['P27 takes an empty list of tools', { tools: [] }, { tools: [] }],
  [
    'T01 reads a function, its schema untouched',
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
    'T02 T03 reads a function of which nothing but the name is told',
    {
      tools: [{
        type: 'function',
        function: { name: 'f', description: null, parameters: null, strict: null },
      }],
    },
    { tools: [F] },
  ],
  ['T08 reads strict without a word', {
    tools: [{ type: 'function', function: { name: 'f', strict: true } }],
  }, { tools: [{ ...F, strict: true }] }],
  [
    'T09 drops what is no function, and tells',
    {
      tools: [
        { type: 'web_search_preview' },
        TOOLS[0],
        { type: 'custom', custom: { name: 'c' } },
      ],
    },
    { tools: [F] },
    'tools[0]: only functions are supported, left out',
    'tools[2]: only functions are supported, left out',
  ],
  ...(['auto', 'required', 'none'] as const).map((type): Case => [
    `T04 reads the choice ${type}`,
    { tools: TOOLS, tool_choice: type },
    { tools: [F, G], toolChoice: { type } },
  ]),
  [
    'T05 reads the choice of one function',
    { tools: TOOLS, tool_choice: { type: 'function', function: { name: 'f' } } },
    { tools: [F, G], toolChoice: { type: 'function', name: 'f' } },
  ],
  [
    'offers the allowed functions alone',
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
  for (const [name, asked, expected, ...warnings] of [...parameters, ...tools]) {
    it(name, () => {
      assert.deepEqual(decode(asked), { request: request(expected), warnings })
    })
  }

  it('P33 keeps the name of the model as it is', () => {
    const { request: { model } } = decode({ model: 'oci/openai.gpt-5' })
    assert.equal(model, 'oci/openai.gpt-5')
  })

  it('refuses the old functions, whose answers it could not give', () => {
    assert.throws(() => decode({ functions: [{ name: 'f' }] }), {
      name: 'ApiError',
      code: 'invalid_request',
      param: 'functions',
      message: 'Cannot use "functions": deprecated, send "tools" instead',
    })
  })

  it('takes an empty list of the old functions', () => {
    assert.deepEqual(decode({ functions: [] }), { request: request(), warnings: [] })
  })
})
