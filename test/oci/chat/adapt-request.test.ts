import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ChatRequest, Message, Tool } from '../../../src/chat/model.ts'
import { adaptRequest } from '../../../src/oci/chat/adapt-request.ts'
import type { ModelProfile } from '../../../src/oci/models/profiles.ts'
import { request, text, user } from '../formats/generic/request.ts'
import { profile } from '../profile.ts'

type Case = [
  name: string,
  asked: Partial<ChatRequest>,
  known: Partial<ModelProfile>,
  /** What the request has otherwise than it was asked. */
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
  ['leaves a request that the model can take', { tools: [TOOL], responseFormat: SCHEMA }, {}, {}],
  [
    'offers no tools to a model without',
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
  ['warns of no tools where there are none', {}, { tools: false }, {}],
  [
    'T04 offers no tools where none may be called and that cannot be said',
    {
      tools: [TOOL],
      toolChoice: { type: 'none' },
    },
    { unsupportedParameters: ['toolChoice'] },
    { tools: [], toolChoice: undefined },
  ],
  [
    'leaves the choice to a model that takes none, and tells',
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
    'J07 lets the tools win over a format',
    {
      tools: [TOOL],
      responseFormat: SCHEMA,
    },
    { toolsWithFormat: false },
    { responseFormat: undefined },
    ...[
      'response_format: not supported by this model beside tools, left out',
    ],
  ],
  ['J07 keeps a format without tools', { responseFormat: SCHEMA }, { toolsWithFormat: false }, {}],
  [
    'J05 tells a schema that cannot be asked for',
    { responseFormat: SCHEMA },
    {
      jsonSchema: 'prompt',
    },
    { responseFormat: { type: 'json-object' }, messages: [system(TOLD), HI] },
    ...[
      'response_format: the schema is told to the model, not enforced',
    ],
  ],
  ['J02 keeps the bare JSON mode', { responseFormat: { type: 'json-object' } }, {
    jsonSchema: 'prompt',
  }, {}],
  [
    'M23 tells system text as user text',
    {
      messages: [system('a'), { ...system('b'), role: 'developer' }, HI, user([text('Ho')])],
    },
    { systemRole: 'user' },
    {
      messages: [user([text('a'), text('b'), text('Hi')]), user([text('Ho')])],
    },
  ],
  [
    'M23 tells it first where the user said nothing',
    {
      messages: [system('a'), assistant('b')],
    },
    { systemRole: 'user' },
    { messages: [user([text('a')]), assistant('b')] },
  ],
  ['M23 leaves a conversation without system text', {}, { systemRole: 'user' }, {}],
  ['J05 M23 tells a schema as user text', { responseFormat: SCHEMA }, {
    jsonSchema: 'prompt',
    systemRole: 'user',
  }, {
    responseFormat: { type: 'json-object' },
    messages: [user([text(TOLD), text('Hi')])],
  }, 'response_format: the schema is told to the model, not enforced'],
  ['mends the history, and tells', { messages: [user([]), HI] }, {}, { messages: [HI] }, ...[
    'messages[0]: user message without content, left out',
  ]],
  [
    'M20 tells several calls one by one',
    {
      messages: [HI, called('a', 'b'), result('a'), result('b')],
    },
    { parallelToolCalls: 'sequential' },
    {
      messages: [HI, called('a'), result('a'), called('b'), result('b')],
    },
  ],
  [
    'keeps several calls together',
    {
      messages: [HI, called('a', 'b'), result('a'), result('b')],
    },
    {},
    {},
  ],
]

describe('adaptRequest()', () => {
  for (const [name, asked, known, changed, ...warnings] of cases) {
    it(name, () => {
      assert.deepEqual(adaptRequest(request(asked), profile(known)), {
        request: request({ ...asked, ...changed }),
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
