import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ChatRequest, Tool } from '../../../../src/chat/model.ts'
import { CHAT_COMPLETIONS } from '../../../../src/oci/formats/chat-completions/format.ts'
import type { ModelProfile } from '../../../../src/oci/models/profiles.ts'
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
  function: { name: 'f', parameters: { type: 'object', properties: {} } },
}
const USUAL = { messages: [{ role: 'user', content: 'Hi' }], max_tokens: 4000 }
const SCHEMA = { type: 'object', properties: { a: { type: 'string' } }, required: ['a', 'ghost'] }

const cases: Case[] = [
  ['sends the message and an output limit', {}, {}, {}],
  ['P02 sends max_tokens where the model requires it', { outputLimit: 7 }, {}, { max_tokens: 7 }],
  ['P12 requests several choices', { choices: 2 }, {}, { n: 2 }],
  [
    'passes on every supported parameter',
    {
      ...{ temperature: 0, topP: 0.5, frequencyPenalty: 1, presencePenalty: 0, seed: 0 },
      ...{ stop: ['END'], logitBias: { '1': 2 }, reasoningEffort: 'high', verbosity: 'low' },
      ...{ metadata: { a: 'b' }, serviceTier: 'priority', prediction: 'x' },
    },
    {},
    {
      ...{ temperature: 0, top_p: 0.5, frequency_penalty: 1, presence_penalty: 0, seed: 0 },
      ...{ stop: ['END'], logit_bias: { '1': 2 }, reasoning_effort: 'high', verbosity: 'low' },
      ...{ metadata: { a: 'b' }, service_tier: 'priority' },
      prediction: { type: 'content', content: 'x' },
    },
  ],
  ['P20 requests alternatives', { logprobs: 3 }, {}, { logprobs: true, top_logprobs: 3 }],
  ['P21 requests only the chosen tokens', { logprobs: 0 }, {}, { logprobs: true }],
  [
    'warns about parameters the format lacks',
    { topK: 3, documents: [{ text: 'x' }] },
    {},
    {},
    'top_k: not supported by acme.one, left out',
    'documents: not supported by acme.one, left out',
  ],
  [
    'sends web search options',
    { webSearch: { contextSize: 'low', location: { city: 'Paris' } } },
    {},
    {
      web_search_options: {
        search_context_size: 'low',
        user_location: { type: 'approximate', approximate: { city: 'Paris' } },
      },
    },
  ],
  [
    'J01 sends a schema',
    {
      responseFormat: {
        ...{ type: 'json-schema', name: 'a b', description: undefined, strict: true },
        schema: SCHEMA,
      },
    },
    {},
    {
      response_format: {
        type: 'json_schema',
        json_schema: { name: 'a_b', schema: { ...SCHEMA, required: ['a'] }, strict: true },
      },
    },
  ],
  ['J02 sends JSON mode', { responseFormat: { type: 'json-object' } }, {}, {
    response_format: { type: 'json_object' },
  }],
  [
    'T01 sends nested tools and the tool choice',
    {
      tools: [{ ...TOOL, strict: true, description: 'F' }],
      toolChoice: { type: 'function', name: 'f' },
      parallelToolCalls: false,
    },
    {},
    {
      tools: [{
        type: 'function',
        function: { ...SENT_TOOL.function, description: 'F', strict: true },
      }],
      tool_choice: { type: 'function', function: { name: 'f' } },
      parallel_tool_calls: false,
    },
  ],
  ['sends a required call', { tools: [TOOL], toolChoice: { type: 'required' } }, {}, {
    tools: [SENT_TOOL],
    tool_choice: 'required',
  }],
  ['sends no tool choice without tools', { parallelToolCalls: true }, {}, {}],
  [
    'warns that Gemini may ignore tools here',
    { tools: [TOOL] },
    { vendor: 'google' },
    { tools: [SENT_TOOL] },
    'tools: acme.one may ignore tools in chat completions',
  ],
]

describe('encodeRequest()', () => {
  for (const [name, part, model, sent, ...warnings] of cases) {
    it(name, () => {
      const expected = { body: { ...USUAL, ...sent }, warnings }
      assert.deepEqual(sendAs(CHAT_COMPLETIONS, part, model), expected)
    })
  }

  it('P01 sends max_completion_tokens where the model requires it', () => {
    const { body } = sendAs(CHAT_COMPLETIONS, {}, { tokenField: 'maxCompletionTokens' })
    assert.deepEqual(body, { messages: USUAL.messages, max_completion_tokens: 4000 })
  })

  it('P08 P09 requests a stream always with usage', () => {
    const { body } = sendAs(CHAT_COMPLETIONS, {}, {}, { stream: true })
    assert.deepEqual(body, { ...USUAL, stream: true, stream_options: { include_usage: true } })
  })
})
