import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Message } from '../../../src/chat/model.ts'
import { decode } from './request.ts'

type Case = [name: string, input: unknown, messages: object[]]

const PNG = 'data:image/png;base64,AAAA'
const PDF = 'data:application/pdf;base64,AAAA'

const cases: Case[] = [
  ['N01 a text', 'Hi', [user('Hi')]],
  ['a message without a type', [{ role: 'user', content: 'Hi' }], [user('Hi')]],
  ['a type that is null', [{ type: null, role: 'user', content: 'Hi' }], [user('Hi')]],
  [
    'O01 an item with an id, a status and a phase',
    [{
      ...{ type: 'message', id: 'msg_1', status: 'completed', phase: 'final_answer' },
      role: 'user',
      content: [{ type: 'input_text', text: 'Hi' }],
    }],
    [user('Hi')],
  ],
  [
    'system and developer messages',
    [
      {
        type: 'message',
        role: 'developer',
        id: 'msg_1',
        content: [{ type: 'input_text', text: 'A' }],
      },
      { role: 'system', content: 'B' },
      { role: 'user', content: 'C' },
    ],
    [
      { role: 'developer', content: texts('A'), name: undefined },
      { role: 'system', content: texts('B'), name: undefined },
      user('C'),
    ],
  ],
  [
    'images, files and audio',
    [{
      role: 'user',
      content: [
        { type: 'input_image', image_url: PNG, detail: 'auto' },
        { type: 'input_image', image_url: { url: PNG } },
        { type: 'input_file', file_data: PDF, filename: 'a.pdf' },
        { type: 'input_file', file_url: 'https://example.com/a.pdf' },
        { type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } },
      ],
    }],
    [{
      role: 'user',
      name: undefined,
      content: [
        { type: 'image', url: PNG, param: 'input[0].content[0]' },
        { type: 'image', url: PNG, param: 'input[0].content[1]' },
        { type: 'document', url: PDF, param: 'input[0].content[2]' },
        { type: 'document', url: 'https://example.com/a.pdf', param: 'input[0].content[3]' },
        { type: 'audio', url: 'data:audio/wav;base64,AAAA', param: 'input[0].content[4]' },
      ],
    }],
  ],
  [
    'text and refusal of the model',
    [
      { role: 'user', content: 'Hi' },
      {
        type: 'message',
        role: 'assistant',
        content: [
          { type: 'output_text', text: 'Yes', annotations: [], logprobs: [] },
          { type: 'refusal', refusal: 'No' },
        ],
      },
    ],
    [user('Hi'), { ...turn(), content: texts('Yes'), refusal: 'No' }],
  ],
  [
    'N02 a call and its output',
    [call('a', 'f', '{"x":1}'), output('a', 'done')],
    [{ ...turn(), toolCalls: [{ id: 'a', name: 'f', arguments: '{"x":1}' }] }, result('a', 'done')],
  ],
  [
    'N06 reasoning, text and parallel calls as one message',
    [
      { role: 'user', content: 'Hi' },
      { type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'Hm' }] },
      { role: 'assistant', content: 'Wait' },
      call('a', 'f'),
      call('b', 'g'),
      output('a', '1'),
      output('b', '2'),
    ],
    [
      user('Hi'),
      {
        ...turn(),
        content: texts('Wait'),
        reasoning: 'Hm',
        toolCalls: [{ id: 'a', name: 'f', arguments: '{}' }, {
          id: 'b',
          name: 'g',
          arguments: '{}',
        }],
      },
      result('a', '1'),
      result('b', '2'),
    ],
  ],
  [
    'messages that results separate stay separate',
    [call('a', 'f'), output('a', '1'), call('b', 'f'), output('b', '2')],
    [
      { ...turn(), toolCalls: [{ id: 'a', name: 'f', arguments: '{}' }] },
      result('a', '1'),
      { ...turn(), toolCalls: [{ id: 'b', name: 'f', arguments: '{}' }] },
      result('b', '2'),
    ],
  ],
  [
    'text after text as a new message',
    [{ role: 'assistant', content: 'A' }, { role: 'assistant', content: 'B' }],
    [{ ...turn(), content: texts('A') }, { ...turn(), content: texts('B') }],
  ],
  [
    'text after a call, before its output, as the same message',
    [call('a', 'f'), { role: 'assistant', content: 'A' }, output('a', '1')],
    [
      { ...turn(), content: texts('A'), toolCalls: [{ id: 'a', name: 'f', arguments: '{}' }] },
      result('a', '1'),
    ],
  ],
  [
    'text around a call, before its output, as the same message',
    [
      { role: 'assistant', content: 'A' },
      call('a', 'f'),
      { role: 'assistant', content: 'B' },
      output('a', '1'),
    ],
    [
      {
        ...turn(),
        content: [...texts('A'), ...texts('B')],
        toolCalls: [{ id: 'a', name: 'f', arguments: '{}' }],
      },
      result('a', '1'),
    ],
  ],
  [
    'reasoning content before its summary, and encrypted reasoning as none',
    [
      {
        type: 'reasoning',
        summary: [{ type: 'summary_text', text: 'short' }],
        content: [{ type: 'reasoning_text', text: 'long' }],
      },
      { type: 'reasoning', summary: [], encrypted_content: 'gAAA', status: null },
      { role: 'assistant', content: 'A' },
    ],
    [{ ...turn(), reasoning: 'long', content: texts('A') }],
  ],
  [
    'an output of parts with images',
    [call('a', 'f'), {
      type: 'function_call_output',
      call_id: 'a',
      output: [{ type: 'input_text', text: 'see' }, { type: 'input_image', image_url: PNG }],
    }],
    [
      { ...turn(), toolCalls: [{ id: 'a', name: 'f', arguments: '{}' }] },
      {
        role: 'tool',
        toolCallId: 'a',
        content: [...texts('see'), { type: 'image', url: PNG, param: 'input[1].output[1]' }],
      },
    ],
  ],
  [
    'arguments that are an object',
    [{ type: 'function_call', call_id: 'a', name: 'f', arguments: { x: 1 } }],
    [{ ...turn(), toolCalls: [{ id: 'a', name: 'f', arguments: '{"x":1}' }] }],
  ],
  [
    'a call of a custom tool, and its output',
    [
      { type: 'custom_tool_call', call_id: 'a', name: 'apply', input: 'a "b"\n' },
      { type: 'custom_tool_call_output', call_id: 'a', output: 'ok' },
    ],
    [
      { ...turn(), toolCalls: [{ id: 'a', name: 'apply', arguments: '{"input":"a \\"b\\"\\n"}' }] },
      result('a', 'ok'),
    ],
  ],
  [
    'a call of a tool in a namespace',
    [{
      type: 'function_call',
      call_id: 'a',
      name: 'find',
      namespace: 'mcp__crm__',
      arguments: '{}',
    }],
    [{ ...turn(), toolCalls: [{ id: 'a', name: 'mcp__crm__find', arguments: '{}' }] }],
  ],
  [
    "the client's local shell",
    [
      {
        type: 'local_shell_call',
        id: 'lsh_1',
        call_id: 'a',
        status: 'completed',
        action: { type: 'exec', command: ['ls'], env: {} },
      },
      { type: 'local_shell_call_output', id: 'a', output: 'x.ts' },
    ],
    [
      {
        ...turn(),
        toolCalls: [{
          id: 'a',
          name: 'local_shell',
          arguments: '{"action":{"type":"exec","command":["ls"],"env":{}}}',
        }],
      },
      result('a', 'x.ts'),
    ],
  ],
  [
    'a call that OpenAI ran, with its result',
    [
      {
        ...{ type: 'mcp_call', id: 'mcp_1', server_label: 'crm', name: 'find' },
        ...{ arguments: '{}', output: 'Ann', error: null },
      },
      { type: 'web_search_call', id: 'ws_1', status: 'completed', action: { query: 'q' } },
    ],
    [
      {
        ...turn(),
        toolCalls: [{
          id: 'mcp_1',
          name: 'mcp',
          arguments: '{"server_label":"crm","name":"find","arguments":"{}"}',
        }],
      },
      result('mcp_1', 'Ann'),
      {
        ...turn(),
        toolCalls: [{ id: 'ws_1', name: 'web_search', arguments: '{"action":{"query":"q"}}' }],
      },
      result('ws_1', 'completed'),
    ],
  ],
]

describe('decodeItems()', () => {
  for (const [name, input, messages] of cases) {
    it(`decodes ${name}`, async () => {
      const { request } = await decode({ input })
      assert.deepEqual(request.messages.map(withoutPlace), messages)
    })
  }

  it('records the location of each message', async () => {
    const input = [
      { role: 'user', content: 'Hi' },
      { type: 'reasoning', summary: [] },
      call('a', 'f'),
      output('a', '1'),
    ]
    const { request } = await decode({ instructions: 'Be brief', input })
    const places = request.messages.map(({ location }) => location)
    assert.deepEqual(places, ['instructions', 'input[0]', 'input[1]', 'input[3]'])
  })
})

const rejected: [name: string, input: unknown, param: string, message: RegExp][] = [
  [
    'an image by its id',
    [
      { role: 'user', content: [{ type: 'input_image', file_id: 'file-1' }] },
    ],
    'input[0].content[0].file_id',
    /^File ids are not supported for this model\. Send an image in "image_url".* xai\.\*/,
  ],
  [
    'a file by its id',
    [
      { role: 'user', content: [{ type: 'input_file', file_id: 'file-1' }] },
    ],
    'input[0].content[0].file_id',
    /^File ids are not supported for this model\. Send a file in "file_data".* xai\.\*/,
  ],
  [
    'a file by its id beside text',
    [
      {
        role: 'user',
        content: [{ type: 'input_text', text: 'Read' }, { type: 'input_file', file_id: 'f' }],
      },
    ],
    'input[0].content[1].file_id',
    /^File ids are not supported/,
  ],
  ['an item of an unknown type only', [{ type: 'constructor' }], 'input[0]', /"constructor"/],
  [
    'a part of an unknown type only',
    [
      { role: 'user', content: [{ type: 'input_smell' }] },
    ],
    'input[0].content[0]',
    /input_smell/,
  ],
  ['no items at all', [], 'input', /^"input" must not be empty$/],
  ['no input', undefined, 'input', /^"input" is required$/],
  ['an input that is a number', 5, 'input', /must be a string or a list of items$/],
  [
    'a reference when nothing is stored',
    [
      { type: 'item_reference', id: 'msg_abcdefghijklmnopqrstuvwx_0' },
    ],
    'input[0]',
    /send the item itself, as clients do with "store": false, or .* GATEWAY_CONFIG/,
  ],
  [
    'a reference without a type',
    [{ id: 'rs_68' }],
    'input[0]',
    /^The item "rs_68" is not stored here/,
  ],
]

describe('decodeItems() rejects', () => {
  for (const [name, input, param, message] of rejected) {
    it(name, async () => {
      await assert.rejects(decode({ input }), { name: 'ApiError', status: 400, param, message })
    })
  }
})

function texts(text: string): object[] {
  return [{ type: 'text', text }]
}

function user(text: string): object {
  return { role: 'user', content: texts(text), name: undefined }
}

function turn(): object {
  return {
    role: 'assistant',
    content: [],
    reasoning: undefined,
    refusal: undefined,
    toolCalls: [],
    name: undefined,
  }
}

function result(toolCallId: string, text: string): object {
  return { role: 'tool', toolCallId, content: texts(text) }
}

function call(call_id: string, name: string, written = '{}'): object {
  return { type: 'function_call', id: `fc_${call_id}`, call_id, name, arguments: written }
}

function output(call_id: string, output: string): object {
  return { type: 'function_call_output', call_id, output }
}

function withoutPlace({ location: _place, ...message }: Message): object {
  return message
}
