import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ChatRequest, Tool } from '../../../../src/chat/model.ts'
import type { ModelProfile } from '../../../../src/oci/models/profiles.ts'
import { RESPONSES } from '../../../../src/oci/formats/responses/format.ts'
import { sendAs } from '../../send-as.ts'

type Case = [
  name: string,
  parameters: Partial<ChatRequest>,
  model: Partial<ModelProfile>,
  /** Members added to the default request. */
  sent: object,
  ...warnings: string[],
]

const TOOL: Tool = { name: 'f', description: undefined, parameters: undefined, strict: false }
const SENT_TOOL = {
  type: 'function',
  name: 'f',
  parameters: { type: 'object', properties: {} },
  strict: false,
}
const USUAL = {
  input: [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Hi' }] }],
  store: false,
  max_output_tokens: 4000,
}
const SCHEMA = { type: 'object', properties: { a: { type: 'string' } }, required: ['a', 'ghost'] }
const REFERRING = { type: 'object', properties: { a: { $ref: '#/$defs/A' } }, $defs: { A: {} } }

const parameters: Case[] = [
  ['disables storage and always sends an output limit', {}, {}, {}],
  ['P04 sends the requested limit', { outputLimit: 7 }, {}, { max_output_tokens: 7 }],
  [
    'P05 lowers a limit above the maximum and warns',
    { outputLimit: 100_000 },
    {},
    {},
    'max_tokens: 100000 lowered to 4000, the maximum of acme.one',
  ],
  ['P14 keeps zeros', { temperature: 0, topP: 0 }, {}, { temperature: 0, top_p: 0 }],
  ['sends the reasoning effort', { reasoningEffort: 'minimal' }, {}, {
    reasoning: { effort: 'minimal' },
  }],
  [
    'R-A7 sends xhigh to a model that has it',
    { reasoningEffort: 'xhigh' },
    { reasoningEfforts: ['low', 'medium', 'high', 'xhigh'] },
    { reasoning: { effort: 'xhigh' } },
  ],
  [
    'R-A7 sends the nearest effort and warns',
    { reasoningEffort: 'max' },
    {},
    { reasoning: { effort: 'high' } },
    'reasoning_effort: sent as high',
  ],
  [
    'omits what the model rejects and warns',
    { reasoningEffort: 'low', temperature: 0.5 },
    { unsupportedParameters: ['reasoningEffort', 'temperature'] },
    {},
    'reasoning_effort: not supported by acme.one, left out',
    'temperature: not supported by acme.one, left out',
  ],
  ['sends the verbosity', { verbosity: 'low' }, {}, { text: { verbosity: 'low' } }],
  ['P20 requests log probabilities', { logprobs: 3 }, {}, {
    include: ['message.output_text.logprobs'],
    top_logprobs: 3,
  }],
  ['P21 requests no alternatives', { logprobs: 0 }, {}, {
    include: ['message.output_text.logprobs'],
  }],
  ['sends metadata and the service tier', { metadata: { a: 'b' }, serviceTier: 'priority' }, {}, {
    metadata: { a: 'b' },
    service_tier: 'priority',
  }],
  [
    'warns about parameters the format lacks',
    {
      ...{ stop: ['END'], seed: 1, presencePenalty: 1, frequencyPenalty: 1, topK: 3 },
      ...{ logitBias: { '1': 1 }, prediction: 'x', documents: [{ text: 'x' }] },
    },
    {},
    {},
    'top_k: not supported by acme.one, left out',
    'stop: not supported by acme.one, left out',
    'seed: not supported by acme.one, left out',
    'presence_penalty: not supported by acme.one, left out',
    'frequency_penalty: not supported by acme.one, left out',
    'logit_bias: not supported by acme.one, left out',
    'prediction: not supported by acme.one, left out',
    'documents: not supported by acme.one, left out',
  ],
]

const formats: Case[] = [
  ['J01 sends a schema', { responseFormat: jsonSchema(SCHEMA) }, {}, {
    text: {
      format: {
        type: 'json_schema',
        name: 'a_b',
        description: 'd',
        schema: { ...SCHEMA, required: ['a'] },
        strict: true,
      },
    },
  }],
  ['J02 sends JSON mode', { responseFormat: { type: 'json-object' } }, {}, {
    text: { format: { type: 'json_object' } },
  }],
  [
    'J02 sends a schema of any object where JSON mode fails',
    { responseFormat: { type: 'json-object' } },
    { jsonObject: 'JSON_SCHEMA' },
    {
      text: {
        format: {
          type: 'json_schema',
          name: 'response',
          schema: { type: 'object' },
          strict: false,
        },
      },
    },
  ],
  [
    'cleans the schema for the model family',
    { responseFormat: { ...jsonSchema(REFERRING), strict: undefined } },
    { schema: 'gemini' },
    {
      text: {
        format: {
          type: 'json_schema',
          name: 'a_b',
          description: 'd',
          schema: { type: 'object', properties: { a: { type: 'string' } } },
        },
      },
    },
  ],
]

const tools: Case[] = [
  ['T01 sends flat tools and always "strict"', { tools: [TOOL] }, {}, {
    tools: [SENT_TOOL],
  }],
  [
    'keeps the description of a tool',
    { tools: [{ name: 'f', description: 'F', parameters: SCHEMA, strict: true }] },
    {},
    {
      tools: [{
        type: 'function',
        name: 'f',
        description: 'F',
        parameters: { ...SCHEMA, required: ['a'] },
        strict: true,
      }],
    },
  ],
  [
    'resolves the references of a tool for Gemini',
    { tools: [{ ...TOOL, parameters: { ...REFERRING, additionalProperties: false } }] },
    { schema: 'gemini' },
    {
      tools: [{
        ...SENT_TOOL,
        parameters: { type: 'object', properties: { a: { type: 'string' } } },
      }],
    },
  ],
  [
    'omits a second tool with the same name',
    { tools: [TOOL, TOOL] },
    {},
    { tools: [SENT_TOOL] },
    'tools: duplicate "f" left out',
  ],
  ['sends the choice "auto"', { tools: [TOOL], toolChoice: { type: 'auto' } }, {}, {
    tools: [SENT_TOOL],
    tool_choice: 'auto',
  }],
  ['sends the choice "none"', { tools: [TOOL], toolChoice: { type: 'none' } }, {}, {
    tools: [SENT_TOOL],
    tool_choice: 'none',
  }],
  ['sends a required call', { tools: [TOOL], toolChoice: { type: 'required' } }, {}, {
    tools: [SENT_TOOL],
    tool_choice: 'required',
  }],
  [
    'sends the choice of a function',
    { tools: [TOOL], toolChoice: { type: 'function', name: 'f' } },
    {},
    {
      tools: [SENT_TOOL],
      tool_choice: { type: 'function', name: 'f' },
    },
  ],
  ['forbids parallel calls', { tools: [TOOL], parallelToolCalls: false }, {}, {
    tools: [SENT_TOOL],
    parallel_tool_calls: false,
  }],
  [
    'omits parallel calls where the model rejects them',
    { tools: [TOOL], parallelToolCalls: true },
    { parallelToolCalls: 'sequential' },
    { tools: [SENT_TOOL] },
  ],
  [
    'sends no tool choice without tools',
    { toolChoice: { type: 'none' }, parallelToolCalls: true },
    {},
    {},
  ],
  [
    'sends web search as a tool',
    { webSearch: { contextSize: 'low', location: { city: 'Paris' } } },
    {},
    {
      tools: [{
        type: 'web_search',
        search_context_size: 'low',
        user_location: { type: 'approximate', city: 'Paris' },
      }],
    },
  ],
]

describe('encodeRequest()', () => {
  for (
    const [name, part, model, sent, ...warnings] of [...parameters, ...formats, ...tools]
  ) {
    it(name, () => {
      assert.deepEqual(sendAs(RESPONSES, part, model), {
        body: { ...USUAL, ...sent },
        warnings,
      })
    })
  }

  it('requests a stream', () => {
    const { body } = sendAs(RESPONSES, {}, {}, { stream: true })
    assert.deepEqual(body, { ...USUAL, stream: true })
  })

  it('T14 sends safe names', () => {
    const tool = { ...TOOL, name: 'mcp.server:do' }
    const toolChoice = { type: 'function', name: 'mcp.server:do' } as const
    const { body } = sendAs(RESPONSES, { tools: [tool], toolChoice })
    const [{ name }] = body['tools'] as [{ name: string }]
    assert.match(name, /^mcp_server_do_\w{7}$/)
    assert.deepEqual(body['tool_choice'], { type: 'function', name })
  })
})

function jsonSchema(schema: object) {
  return {
    type: 'json-schema' as const,
    name: 'a b',
    description: 'd',
    schema: schema as Record<string, unknown>,
    strict: true,
  }
}
