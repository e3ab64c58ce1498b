import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ChatRequest } from '../../../src/chat/model.ts'
import { request } from '../chat/request.ts'
import { decode } from './request.ts'

const HI = {
  role: 'user' as const,
  content: [{ type: 'text' as const, text: 'Hi' }],
  name: undefined,
  location: 'input[0]',
}

type Case = [name: string, payload: object, expected: Partial<ChatRequest>, warnings?: string[]]

const SCHEMA = { type: 'object', properties: { a: { type: 'string' } } }

const cases: Case[] = [
  ['a minimal request', {}, {}],
  ['N01 instructions', { instructions: 'Be brief' }, {
    messages: [
      {
        role: 'system',
        content: [{ type: 'text', text: 'Be brief' }],
        name: undefined,
        location: 'instructions',
      },
      HI,
    ],
  }],
  [
    'sampling and limits',
    { temperature: 0.5, top_p: 0.9, max_output_tokens: 100, parallel_tool_calls: false },
    { temperature: 0.5, topP: 0.9, outputLimit: 100, parallelToolCalls: false },
  ],
  ['members that are null', {
    ...{ instructions: null, temperature: null, tools: null, tool_choice: null, text: null },
    ...{ reasoning: null, include: null, metadata: null, previous_response_id: null },
    ...{ conversation: null, background: null, prompt: null, service_tier: null },
    ...{ stream_options: null, truncation: null, store: null, max_output_tokens: null },
  }, {}],
  ['text as text', { text: { format: { type: 'text' } } }, {}],
  ['any JSON', { text: { format: { type: 'json_object' } } }, {
    responseFormat: { type: 'json-object' },
  }],
  ...[
    { type: 'json_object', name: 'response', schema: SCHEMA },
    { type: 'json_object', response_schema: SCHEMA },
    { type: 'json_schema', json_schema: { schema: SCHEMA } },
    { type: 'json_schema', json_schema: SCHEMA },
  ].map((format): typeof cases[number] => [
    `R-A9 the schema in ${JSON.stringify(format)}`,
    { text: { format } },
    {
      responseFormat: {
        ...{ type: 'json-schema', name: 'response', description: undefined },
        ...{ schema: SCHEMA, strict: undefined },
      },
    },
  ]),
  [
    'JSON of a schema',
    { text: { format: { type: 'json_schema', name: 'n', schema: SCHEMA, strict: true } } },
    {
      responseFormat: {
        type: 'json-schema',
        name: 'n',
        description: undefined,
        schema: SCHEMA,
        strict: true,
      },
    },
  ],
  ['verbosity', { text: { verbosity: 'low' } }, { verbosity: 'low' }],
  ['an effort', { reasoning: { effort: 'minimal', summary: 'auto' } }, {
    reasoningEffort: 'minimal',
  }],
  ["an effort above OCI's highest", { reasoning: { effort: 'max' } }, { reasoningEffort: 'max' }],
  ['logprobs in include', { include: ['message.output_text.logprobs'] }, {
    logprobs: 0,
  }],
  ['logprobs of alternatives', { top_logprobs: 3 }, { logprobs: 3 }],
  ['N08 members that do not change the reply', {
    ...{ store: false, include: ['reasoning.encrypted_content'], prompt_cache_key: 'k' },
    ...{ client_metadata: { a: 'b' }, user: 'u', safety_identifier: 's', truncation: 'disabled' },
    ...{ stream_options: { include_obfuscation: false }, background: false, max_tool_calls: 3 },
    ...{ prompt_cache_retention: '24h', reasoning: { summary: 'auto' } },
  }, {}],
  ['metadata and service tier', { metadata: { a: 'b' }, service_tier: 'priority' }, {
    metadata: { a: 'b' },
    serviceTier: 'priority',
  }],
  [
    'unsupported members, with warnings',
    {
      ...{ store: true, truncation: 'auto', service_tier: 'flex', metadata: { a: 1 } },
      ...{ include: ['dreams'], seed: 5, moderation: {} },
    },
    {},
    [
      'seed: not known, left out',
      'moderation: not known, left out',
      'include: dreams is not known, left out',
      'store: nothing is stored',
      'truncation: not supported, an input that is too long is rejected',
      'metadata: must be at most 16 strings, keys of 64 and values of 512 characters, left out',
      'service_tier: not known to OCI, left out',
    ],
  ],
]

describe('decodeRequest()', () => {
  for (const [name, payload, expected, warnings = []] of cases) {
    it(`decodes ${name}`, async () => {
      const decoded = await decode(payload)
      assert.deepEqual(decoded.request, request({ messages: [HI], ...expected }))
      assert.deepEqual(decoded.warnings, warnings)
    })
  }
})

const rejected: [payload: object, param: string, message: RegExp][] = [
  [
    { background: true },
    'background',
    /^"background" is not supported for this model: leave it out$/,
  ],
  [{ conversation: 'conv_1' }, 'conversation', /: send the whole conversation as "input"$/],
  [{ prompt: { id: 'pmpt_1' } }, 'prompt', /: send the text of the prompt as "instructions"$/],
  [
    { previous_response_id: 'resp_1' },
    'previous_response_id',
    /^previous_response_id needs stored responses.*GATEWAY_CONFIG/,
  ],
  [{ max_output_tokens: 0 }, 'max_output_tokens', /must be 1 or more$/],
  [{ temperature: 'warm' }, 'temperature', /temperature/],
  [{ reasoning: { effort: 'huge' } }, 'reasoning.effort', /huge/],
  [{ text: { format: { type: 'xml' } } }, 'text.format.type', /xml/],
  [{ tools: [{ type: 'function' }] }, 'tools[0].name', /is required$/],
  [
    { tools: [{ type: 'namespace', name: 'n', tools: [{ type: 'function' }] }] },
    'tools[0].tools[0].name',
    /is required$/,
  ],
  ...[{}, { schema: null }].map((schema): typeof rejected[number] => [
    { text: { format: { type: 'json_schema', name: 'R-E7', ...schema } } },
    'text.format.schema',
    /schema/,
  ]),
  [{ tool_choice: 'any' }, 'tool_choice', /must be "auto", "none", "required"/],
  [{ truncation: 'some' }, 'truncation', /some/],
]

describe('decodeRequest() rejects', () => {
  for (const [payload, param, message] of rejected) {
    it(JSON.stringify(payload), async () => {
      await assert.rejects(decode(payload), { name: 'ApiError', status: 400, param, message })
    })
  }
})
