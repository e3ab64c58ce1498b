import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { AssistantMessage, Message, Part } from '../../../src/chat/model.ts'
import { decode } from './request.ts'

type Case = [name: string, messages: object[], expected: Message[]]

const PNG = 'data:image/png;base64,iVBORw0KGgo='
const call = { id: 'a', type: 'function', function: { name: 'f', arguments: '{"a": 1}' } }
const A = { id: 'a', name: 'f', arguments: '{"a": 1}' }

const roles: Case[] = [
  ['M01 keeps the developer role', [{ role: 'developer', content: 'x' }], [
    { role: 'developer', content: [text('x')], name: undefined },
  ]],
  [
    'M02 keeps the parts of a system message',
    [{ role: 'system', content: [part('a'), part('b')] }],
    [{ role: 'system', content: [text('a'), text('b')], name: undefined }],
  ],
  [
    'M03 keeps two system messages',
    [{ role: 'system', content: 'a' }, { role: 'system', content: 'b', name: 'n' }],
    [
      { role: 'system', content: [text('a')], name: undefined },
      { role: 'system', content: [text('b')], name: 'n' },
    ],
  ],
  ['M27 adds no messages', [{ role: 'system', content: 'Reply PONG' }], [
    { role: 'system', content: [text('Reply PONG')], name: undefined },
  ]],
  ['M28 keeps a name', [{ role: 'user', name: 'bob', content: 'Hi' }], [
    { role: 'user', content: [text('Hi')], name: 'bob' },
  ]],
  ['treats a null name as absent', [{ role: 'user', name: null, content: 'Hi' }], [
    { role: 'user', content: [text('Hi')], name: undefined },
  ]],
  ...[undefined, null, '', []].map((content): Case => [
    `decodes ${JSON.stringify(content)} as no content`,
    [{ role: 'user', content }],
    [{ role: 'user', content: [], name: undefined }],
  ]),
]

const assistants: [name: string, message: object, expected: Partial<AssistantMessage>][] = [
  ['decodes an assistant message', { content: 'x', name: 'n' }, {
    content: [text('x')],
    name: 'n',
  }],
  ['decodes an assistant message in parts', { content: [part('a'), part('b')] }, {
    content: [text('a'), text('b')],
  }],
  ['M04 decodes calls without content', { content: null, tool_calls: [call] }, { toolCalls: [A] }],
  ['decodes an assistant message with calls', { content: 'x', tool_calls: [call] }, {
    content: [text('x')],
    toolCalls: [A],
  }],
  ['T27 keeps arguments unchanged', {
    tool_calls: [{ ...call, function: { name: 'f', arguments: '{ "snake_case":1,"a-b" : 2}' } }],
  }, { toolCalls: [{ ...A, arguments: '{ "snake_case":1,"a-b" : 2}' }] }],
  ['T25 keeps arguments that are not JSON', {
    tool_calls: [{ ...call, function: { name: 'f', arguments: "{'a': 1}" } }],
  }, { toolCalls: [{ ...A, arguments: "{'a': 1}" }] }],
  ['serializes arguments that are an object', {
    tool_calls: [{ ...call, function: { name: 'f', arguments: { a: 1 } } }],
  }, { toolCalls: [{ ...A, arguments: '{"a":1}' }] }],
  ['gives a call without an id an empty one, to be repaired', {
    tool_calls: [{ function: { name: 'f', arguments: null } }],
  }, { toolCalls: [{ id: '', name: 'f', arguments: '' }] }],
  ['M22 keeps reasoning separate from text', { content: 'x', reasoning_content: 'hm' }, {
    content: [text('x')],
    reasoning: 'hm',
  }],
  ['M22 decodes reasoning under another name', { content: 'x', reasoning: 'hm' }, {
    content: [text('x')],
    reasoning: 'hm',
  }],
  ['M22 decodes reasoning under a third name', { content: 'x', reasoning_text: 'hm' }, {
    content: [text('x')],
    reasoning: 'hm',
  }],
  [
    'M22 ignores reasoning that is not a string',
    { content: 'x', reasoning: { a: 1 }, reasoning_content: '' },
    {
      content: [text('x')],
    },
  ],
  ['decodes a refusal', { content: null, refusal: 'no' }, { refusal: 'no' }],
  ['decodes a refusal among the parts', {
    content: [part('a'), { type: 'refusal', refusal: 'n' }, { type: 'refusal', refusal: 'o' }],
  }, { content: [text('a')], refusal: 'no' }],
]

const parts: [name: string, part: object, expected: Part][] = [
  ['decodes a text', part('x'), text('x')],
  ['M08 decodes an image', { type: 'image_url', image_url: { url: PNG, detail: 'auto' } }, {
    type: 'image',
    url: PNG,
    param: 'messages[0].content[0]',
  }],
  [
    'M09 decodes an image given as a string',
    { type: 'image_url', image_url: PNG },
    {
      type: 'image',
      url: PNG,
      param: 'messages[0].content[0]',
    },
  ],
  ['M12 decodes audio', {
    type: 'input_audio',
    input_audio: { data: 'UklG', format: 'wav' },
  }, { type: 'audio', url: 'data:audio/wav;base64,UklG', param: 'messages[0].content[0]' }],
  ['M12 decodes audio that is a data URL', {
    type: 'input_audio',
    input_audio: { data: 'data:audio/mpeg;base64,UklG', format: 'mp3' },
  }, { type: 'audio', url: 'data:audio/mpeg;base64,UklG', param: 'messages[0].content[0]' }],
  ['M13 decodes a document', {
    type: 'file',
    file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBE' },
  }, {
    type: 'document',
    url: 'data:application/pdf;base64,JVBE',
    param: 'messages[0].content[0]',
  }],
  ['M14 decodes a video', { type: 'video_url', video_url: { url: 'https://e.x/a.mp4' } }, {
    type: 'video',
    url: 'https://e.x/a.mp4',
    param: 'messages[0].content[0]',
  }],
]

const results: Case[] = [
  [
    'M15 decodes a tool result in parts',
    [{ role: 'tool', tool_call_id: 'a', content: [part('ok')] }],
    [{ role: 'tool', toolCallId: 'a', content: [text('ok')] }],
  ],
  [
    'M16 decodes an image in a tool result, with its field',
    [{
      role: 'tool',
      tool_call_id: 'a',
      content: [part('ok'), { type: 'image_url', image_url: PNG }],
    }],
    [{
      role: 'tool',
      toolCallId: 'a',
      content: [text('ok'), { type: 'image', url: PNG, param: 'messages[0].content[1]' }],
    }],
  ],
  [
    'M21 gives the old function result the id of its call',
    [
      { role: 'user', content: 'x' },
      { role: 'assistant', content: null, function_call: { name: 'f', arguments: '{}' } },
      { role: 'function', name: 'f', content: '1' },
      { role: 'assistant', content: null, function_call: { name: 'f', arguments: '' } },
      { role: 'function', name: 'f', content: '2' },
    ],
    [
      { role: 'user', content: [text('x')], name: undefined },
      assistant({ toolCalls: [{ id: 'function1', name: 'f', arguments: '{}' }] }),
      { role: 'tool', toolCallId: 'function1', content: [text('1')] },
      assistant({ toolCalls: [{ id: 'function3', name: 'f', arguments: '' }] }),
      { role: 'tool', toolCallId: 'function3', content: [text('2')] },
    ],
  ],
  [
    'M21 gives a result without a call an id that no call has',
    [
      { role: 'assistant', content: null, function_call: { name: 'g', arguments: '{}' } },
      { role: 'function', name: 'f', content: '1' },
    ],
    [
      assistant({ toolCalls: [{ id: 'function0', name: 'g', arguments: '{}' }] }),
      { role: 'tool', toolCallId: 'function-1', content: [text('1')] },
    ],
  ],
]

describe('decodeMessages()', () => {
  for (const [name, messages, expected] of [...roles, ...results]) {
    it(name, () => assert.deepEqual(decode({ messages }).request.messages, expected))
  }

  for (const [name, message, expected] of assistants) {
    it(name, () => {
      const { request } = decode({ messages: [{ role: 'assistant', ...message }] })
      assert.deepEqual(request.messages, [assistant(expected)])
    })
  }

  for (const [name, payload, expected] of parts) {
    it(name, () => {
      const { request } = decode({ messages: [{ role: 'user', content: [payload] }] })
      assert.deepEqual(request.messages, [{ role: 'user', content: [expected], name: undefined }])
    })
  }

  for (const file of [{ file_id: 'file-1' }, { file_data: '' }, {}]) {
    it(`M13 rejects a file without data: ${JSON.stringify(file)}`, () => {
      const content = [part('x'), { type: 'file', file }]
      assert.throws(() => decode({ messages: [{ role: 'user', content }] }), {
        name: 'ApiError',
        code: 'unsupported_content',
        param: 'messages[0].content[1].file',
        message: 'file_id' in file
          ? 'File ids are not supported here. Send "file_data" as a data URL. /v1/responses accepts ' +
            'file ids for models that OCI serves there itself: xai.*, openai.* and google.*, not ' +
            'meta.* and cohere.*'
          : 'A file needs "file_data" with a data URL',
      })
    })
  }
})

function assistant(of: Partial<AssistantMessage>): AssistantMessage {
  return {
    role: 'assistant',
    content: [],
    reasoning: undefined,
    refusal: undefined,
    toolCalls: [],
    name: undefined,
    ...of,
  }
}

/** A text part with a member that is not read. */
function part(text: string): object {
  return { type: 'text', text, cache_control: { type: 'ephemeral' } }
}

function text(text: string): Extract<Part, { type: 'text' }> {
  return { type: 'text', text }
}
