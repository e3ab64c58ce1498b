import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ChatRequest, Message, Tool } from '../../../src/chat/model.ts'
import { adaptRequest } from '../../../src/oci/chat/adapt-request.ts'
import type { ModelProfile } from '../../../src/oci/models/profiles.ts'
import { runAtOnce } from '../../../src/steps.ts'
import { request, text, user } from '../formats/generic/request.ts'
import { profile } from '../profile.ts'

type Case = [
  name: string,
  sent: Partial<ChatRequest>,
  known: Partial<ModelProfile>,
  /** The changes of the request. */
  changed: Partial<ChatRequest>,
  ...warnings: string[],
]

const TOOL: Tool = { name: 'f', description: undefined, parameters: undefined, strict: false }
const SCHEMA = {
  type: 'json-schema',
  name: 'r',
  description: undefined,
  schema: { type: 'object', properties: { a: {} } },
  strict: true,
} as const
const TOLD = 'Answer with one JSON value that fits this JSON Schema, and nothing else: ' +
  '{"type":"object","properties":{"a":{}}}'
const HI = user([text('Hi')])

const cases: Case[] = [
  ['keeps a request that the model supports', { tools: [TOOL], responseFormat: SCHEMA }, {}, {}],
  [
    'removes tools for a model without tools',
    {
      tools: [TOOL],
      toolChoice: { type: 'required' },
    },
    { tools: false },
    { tools: [], toolChoice: undefined },
    ...[
      'tools: not supported by this model, left out',
    ],
  ],
  ['does not warn about tools that are not there', {}, { tools: false }, {}],
  [
    'T04 removes the tools for tool_choice none if the model does not support tool_choice',
    {
      tools: [TOOL],
      toolChoice: { type: 'none' },
    },
    { unsupportedParameters: ['toolChoice'] },
    { tools: [], toolChoice: undefined },
  ],
  [
    'removes an unsupported tool_choice, with a warning',
    {
      tools: [TOOL],
      toolChoice: { type: 'required' },
    },
    { unsupportedParameters: ['toolChoice'] },
    { toolChoice: undefined },
    ...[
      'tool_choice: not supported by this model, left out',
    ],
  ],
  [
    'J07 prefers tools to a response format',
    {
      tools: [TOOL],
      responseFormat: SCHEMA,
    },
    { toolsWithFormat: false },
    { responseFormat: undefined },
    ...[
      'response_format: not supported by this model together with tools, left out',
    ],
  ],
  ['J07 keeps a format without tools', { responseFormat: SCHEMA }, { toolsWithFormat: false }, {}],
  [
    'J05 adds an unsupported schema to the prompt',
    { responseFormat: SCHEMA },
    {
      jsonSchema: 'prompt',
    },
    { responseFormat: { type: 'json-object' }, messages: [system(TOLD), HI] },
    ...[
      'response_format: the schema is added to the prompt, not enforced',
    ],
  ],
  ['J02 keeps the bare JSON mode', { responseFormat: { type: 'json-object' } }, {
    jsonSchema: 'prompt',
  }, {}],
  [
    'M23 sends system text as user text',
    {
      messages: [system('a'), { ...system('b'), role: 'developer' }, HI, user([text('Ho')])],
    },
    { systemRole: 'user' },
    {
      messages: [user([text('a'), text('b'), text('Hi')]), user([text('Ho')])],
    },
  ],
  [
    'M23 sends system text first if there is no user message',
    {
      messages: [system('a'), assistant('b')],
    },
    { systemRole: 'user' },
    { messages: [user([text('a')]), assistant('b')] },
  ],
  ['M23 keeps a conversation without system text', {}, { systemRole: 'user' }, {}],
  ['J05 M23 sends a schema as user text', { responseFormat: SCHEMA }, {
    jsonSchema: 'prompt',
    systemRole: 'user',
  }, {
    responseFormat: { type: 'json-object' },
    messages: [user([text(TOLD), text('Hi')])],
  }, 'response_format: the schema is added to the prompt, not enforced'],
  ['repairs the history, with a warning', { messages: [user([]), HI] }, {}, { messages: [HI] }, ...[
    'messages[0]: user message without content, left out',
  ]],
  [
    'M20 splits several tool calls into turns',
    {
      messages: [HI, called('a', 'b'), result('a'), result('b')],
    },
    { parallelToolCalls: 'sequential' },
    {
      messages: [HI, called('a'), result('a'), called('b'), result('b')],
    },
  ],
  [
    'keeps several tool calls in one turn',
    {
      messages: [HI, called('a', 'b'), result('a'), result('b')],
    },
    {},
    {},
  ],
]

describe('adaptRequest()', () => {
  for (const [name, sent, known, changed, ...warnings] of cases) {
    it(name, () => {
      assert.deepEqual(runAtOnce(adaptRequest(request(sent), profile(known))), {
        request: request({ ...sent, ...changed }),
        warnings,
      })
    })
  }
})

function system(content: string): Extract<Message, { role: 'system' | 'developer' }> {
  return { role: 'system', content: [text(content)], name: undefined }
}

function assistant(content: string): Message {
  return { ...called(), content: [text(content)] }
}

function called(...ids: string[]): Extract<Message, { role: 'assistant' }> {
  return {
    role: 'assistant',
    content: [],
    reasoning: undefined,
    refusal: undefined,
    toolCalls: ids.map((id) => ({ id, name: 'f', arguments: '{}' })),
    name: undefined,
  }
}

function result(toolCallId: string): Message {
  return { role: 'tool', toolCallId, content: [text(`result ${toolCallId}`)] }
}
