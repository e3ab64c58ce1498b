import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ChatRequest, Tool } from '../../../../src/chat/model.ts'
import type { ModelProfile } from '../../../../src/oci/models/profiles.ts'
import { RESPONSES } from '../../../../src/oci/formats/responses/format.ts'
import { sendAs } from '../../send-as.ts'

type Case = [
  name: string,
  asked: Partial<ChatRequest>,
  model: Partial<ModelProfile>,
  /** What the request has beside what every request has. */
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
  ['keeps nothing there, and always sends a limit', {}, {}, {}],
  ['P04 sends the limit that was asked for', { outputLimit: 7 }, {}, { max_output_tokens: 7 }],
  [
    'P05 lowers what is above the limit, and tells',
    { outputLimit: 100_000 },
    {},
    {},
    'max_tokens: 100000 lowered to 4000, all acme.one gives',
  ],
  ['P14 keeps zeros', { temperature: 0, topP: 0 }, {}, { temperature: 0, top_p: 0 }],
  ['tells how hard to think', { reasoningEffort: 'minimal' }, {}, {
    reasoning: { effort: 'minimal' },
  }],
  [
    'leaves out what the model refuses, and tells',
    { reasoningEffort: 'low', temperature: 0.5 },
    { unsupportedParameters: ['reasoningEffort', 'temperature'] },
    {},
    'reasoning_effort: not accepted by acme.one, left out',
    'temperature: not accepted by acme.one, left out',
  ],
  ['tells how much to say', { verbosity: 'low' }, {}, { text: { verbosity: 'low' } }],
  ['P20 asks for the tokens', { logprobs: 3 }, {}, {
    include: ['message.output_text.logprobs'],
    top_logprobs: 3,
  }],
  ['P21 asks for no alternatives', { logprobs: 0 }, {}, {
    include: ['message.output_text.logprobs'],
  }],
  ['passes metadata and the tier on', { metadata: { a: 'b' }, serviceTier: 'priority' }, {}, {
    metadata: { a: 'b' },
    service_tier: 'priority',
  }],
  [
    'tells what there are no words for',
    {
      ...{ stop: ['END'], seed: 1, presencePenalty: 1, frequencyPenalty: 1, topK: 3 },
      ...{ logitBias: { '1': 1 }, prediction: 'x', documents: [{ text: 'x' }] },
    },
    {},
    {},
    'top_k: not accepted by acme.one, left out',
    'stop: not accepted by acme.one, left out',
    'seed: not accepted by acme.one, left out',
    'presence_penalty: not accepted by acme.one, left out',
    'frequency_penalty: not accepted by acme.one, left out',
    'logit_bias: not accepted by acme.one, left out',
    'prediction: not accepted by acme.one, left out',
    'documents: not accepted by acme.one, left out',
  ],
]

const formats: Case[] = [
  ['J01 asks for a schema', { responseFormat: jsonSchema(SCHEMA) }, {}, {
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
  ['J02 asks for JSON', { responseFormat: { type: 'json-object' } }, {}, {
    text: { format: { type: 'json_object' } },
  }],
  [
    'J02 asks for any object where the mode fails',
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
    'cleans the schema as the family reads it',
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
  ['T01 tells tools flat, and always whether they are strict', { tools: [TOOL] }, {}, {
    tools: [SENT_TOOL],
  }],
  [
    'keeps what is said of a tool',
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
    'leaves out a second tool of the same name',
    { tools: [TOOL, TOOL] },
    {},
    { tools: [SENT_TOOL] },
    'tools: a second "f" left out',
  ],
  ['lets it choose', { tools: [TOOL], toolChoice: { type: 'auto' } }, {}, {
    tools: [SENT_TOOL],
    tool_choice: 'auto',
  }],
  ['lets it call none', { tools: [TOOL], toolChoice: { type: 'none' } }, {}, {
    tools: [SENT_TOOL],
    tool_choice: 'none',
  }],
  ['has it call some', { tools: [TOOL], toolChoice: { type: 'required' } }, {}, {
    tools: [SENT_TOOL],
    tool_choice: 'required',
  }],
  ['has it call one', { tools: [TOOL], toolChoice: { type: 'function', name: 'f' } }, {}, {
    tools: [SENT_TOOL],
    tool_choice: { type: 'function', name: 'f' },
  }],
  ['forbids parallel calls', { tools: [TOOL], parallelToolCalls: false }, {}, {
    tools: [SENT_TOOL],
    parallel_tool_calls: false,
  }],
  [
    'does not allow parallel calls where that is refused',
    { tools: [TOOL], parallelToolCalls: true },
    { parallelToolCalls: 'sequential' },
    { tools: [SENT_TOOL] },
  ],
  [
    'says nothing of how to use tools that are not there',
    { toolChoice: { type: 'none' }, parallelToolCalls: true },
    {},
    {},
  ],
  [
    'searches the web as with a tool',
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
  for (const [name, asked, model, sent, ...warnings] of [...parameters, ...formats, ...tools]) {
    it(name, () => {
      assert.deepEqual(sendAs(RESPONSES, asked, model), { body: { ...USUAL, ...sent }, warnings })
    })
  }

  it('asks for a stream', () => {
    const { body } = sendAs(RESPONSES, {}, {}, { stream: true })
    assert.deepEqual(body, { ...USUAL, stream: true })
  })

  it('T14 sends names that are safe', () => {
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
