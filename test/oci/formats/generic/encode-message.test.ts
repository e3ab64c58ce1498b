import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { AssistantMessage, MediaPart, Message, ToolCall } from '../../../../src/chat/model.ts'
import type { ModelProfile } from '../../../../src/oci/models/profiles.ts'
import { send, text, user } from './request.ts'

type Case = [name: string, message: Message, sent: object, model?: Partial<ModelProfile>]

const CALL: ToolCall = { id: 'call_1', name: 'f', arguments: '{"a":1}' }
const SENT_CALL = { type: 'FUNCTION', id: 'call_1', name: 'f', arguments: '{"a":1}' }
const PNG = 'data:image/png;base64,iVBOR/+='

const cases: Case[] = [
  ['M01 keeps the developer role where the model supports it', instruct('developer', 'x'), {
    role: 'DEVELOPER',
    content: [{ type: 'TEXT', text: 'x' }],
  }, { developerRole: true }],
  ['M01 sends developer messages as system messages elsewhere', instruct('developer', 'x'), {
    role: 'SYSTEM',
    content: [{ type: 'TEXT', text: 'x' }],
  }],
  ['M01 keeps the system role', instruct('system', 'x'), {
    role: 'SYSTEM',
    content: [{ type: 'TEXT', text: 'x' }],
  }, { developerRole: true }],
  ['M02 keeps the parts of a system message', instruct('system', 'a', 'b'), {
    role: 'SYSTEM',
    content: [{ type: 'TEXT', text: 'a' }, { type: 'TEXT', text: 'b' }],
  }],
  ['M04 sends no content in a message with only tool calls', assistant({ toolCalls: [CALL] }), {
    role: 'ASSISTANT',
    toolCalls: [SENT_CALL],
  }],
  ['M04 sends no empty text', assistant({ content: [text('')], toolCalls: [CALL] }), {
    role: 'ASSISTANT',
    toolCalls: [SENT_CALL],
  }],
  ['M05 sends placeholder text where the model requires text', assistant({ toolCalls: [CALL] }), {
    role: 'ASSISTANT',
    content: [{ type: 'TEXT', text: '.' }],
    toolCalls: [SENT_CALL],
  }, { emptyToolCallText: '.' }],
  [
    'M05 sends no placeholder text next to text',
    assistant({ content: [text('Wait')], toolCalls: [CALL] }),
    { role: 'ASSISTANT', content: [{ type: 'TEXT', text: 'Wait' }], toolCalls: [SENT_CALL] },
    { emptyToolCallText: '.' },
  ],
  ['M05 sends no placeholder text without calls', assistant({ content: [text('Hi')] }), {
    role: 'ASSISTANT',
    content: [{ type: 'TEXT', text: 'Hi' }],
  }, { emptyToolCallText: '.' }],
  ['T25 sends "{}" for empty arguments', assistant({ toolCalls: [{ ...CALL, arguments: '' }] }), {
    role: 'ASSISTANT',
    toolCalls: [{ ...SENT_CALL, arguments: '{}' }],
  }],
  [
    'T27 sends arguments byte by byte',
    assistant({ toolCalls: [{ ...CALL, arguments: '{ "snake_case":1,"with-dash" :2}' }] }),
    {
      role: 'ASSISTANT',
      toolCalls: [{ ...SENT_CALL, arguments: '{ "snake_case":1,"with-dash" :2}' }],
    },
  ],
  ['M22 does not send earlier reasoning', assistant({ content: [text('Hi')], reasoning: 'hm' }), {
    role: 'ASSISTANT',
    content: [{ type: 'TEXT', text: 'Hi' }],
  }],
  ['sends a refusal as text', assistant({ refusal: 'no' }), {
    role: 'ASSISTANT',
    content: [{ type: 'TEXT', text: 'no' }],
  }],
  ['M08 sends an image next to its text, without detail', user([text('hi'), media('image', PNG)]), {
    role: 'USER',
    content: [{ type: 'TEXT', text: 'hi' }, { type: 'IMAGE', imageUrl: { url: PNG } }],
  }],
  ['M09 sends a data URL byte by byte', user([media('image', PNG)]), {
    role: 'USER',
    content: [{ type: 'IMAGE', imageUrl: { url: PNG } }],
  }],
  ['M12 sends audio', user([media('audio', 'data:audio/wav;base64,UklG')]), {
    role: 'USER',
    content: [{ type: 'AUDIO', audioUrl: { url: 'data:audio/wav;base64,UklG' } }],
  }],
  ['M13 sends a document', user([media('document', 'data:application/pdf;base64,JVBE')]), {
    role: 'USER',
    content: [{ type: 'DOCUMENT', documentUrl: { url: 'data:application/pdf;base64,JVBE' } }],
  }],
  ['M14 sends a video as a data URL', user([media('video', 'data:video/mp4;base64,AAAA')]), {
    role: 'USER',
    content: [{ type: 'VIDEO', videoUrl: { url: 'data:video/mp4;base64,AAAA' } }],
  }],
  [
    'M15 sends the parts of a result',
    { role: 'tool', toolCallId: 'call_1', content: [text('ok')] },
    {
      role: 'TOOL',
      toolCallId: 'call_1',
      content: [{ type: 'TEXT', text: 'ok' }],
    },
  ],
  [
    'sends a text for an empty result',
    { role: 'tool', toolCallId: 'call_1', content: [text('')] },
    {
      role: 'TOOL',
      toolCallId: 'call_1',
      content: [{ type: 'TEXT', text: '(no output)' }],
    },
  ],
  ['M24 replaces half of a surrogate pair', user([text('a\ud83d')]), {
    role: 'USER',
    content: [{ type: 'TEXT', text: 'a\ufffd' }],
  }],
  ['M28 sends names', user([text('Hi')], 'bob'), {
    role: 'USER',
    content: [{ type: 'TEXT', text: 'Hi' }],
    name: 'bob',
  }],
]

const refused: [name: string, part: MediaPart, model: Partial<ModelProfile>, error: object][] = [
  ['M11 rejects an image for a model without image input', media('image', PNG), {
    inputs: ['text'],
  }, {
    code: 'unsupported_content',
    message: '"acme.one" does not support this image: send only text',
    param: 'messages[0].content[1]',
  }],
  [
    'M12 rejects audio for a model without audio input',
    media('audio', 'data:audio/wav;base64,UklG'),
    {
      inputs: ['text', 'image'],
    },
    {
      code: 'unsupported_content',
      message: '"acme.one" does not support this audio: send only text, image',
      param: 'messages[0].content[1]',
    },
  ],
  ['M13 rejects a document', media('document', 'data:application/pdf;base64,JVBE'), {
    inputs: ['text'],
  }, { code: 'unsupported_content', param: 'messages[0].content[1]' }],
  ['M14 rejects a video', media('video', 'https://e.x/a.mp4'), { inputs: ['text'] }, {
    code: 'unsupported_content',
    param: 'messages[0].content[1]',
  }],
  ['M08 rejects an image by URL', media('image', 'https://e.x/a.png'), {}, {
    code: 'invalid_request',
    message: 'OCI does not fetch the image from its address. Send a data URL instead',
    param: 'messages[0].content[1]',
  }],
  ['M14 rejects a video by URL', media('video', 'https://e.x/a.mp4'), {}, {
    code: 'invalid_request',
    message: 'OCI does not fetch the video from its address. Send a data URL instead',
    param: 'messages[0].content[1]',
  }],
  ['M10 rejects an internal address', media('image', 'http://169.254.169.254/x'), {}, {
    code: 'invalid_request',
  }],
  ['M10 rejects a local file', media('video', 'file:///etc/passwd'), {}, {
    code: 'invalid_request',
  }],
]

describe('encodeMessage()', () => {
  for (const [name, message, sent, model] of cases) {
    it(name, () => {
      assert.deepEqual(send({ messages: [message] }, model).body['messages'], [sent])
    })
  }

  for (const [name, part, model, error] of refused) {
    it(name, () => {
      assert.throws(() => send({ messages: [user([text('hi'), part])] }, model), error)
    })
  }

  it('T23 sends safe names of tools in the history', () => {
    const name = 'mcp.server:do thing'
    const tool = { name, description: undefined, parameters: undefined, strict: false }
    const messages = [assistant({ toolCalls: [{ ...CALL, name }] })]
    const { body } = send({ messages, tools: [tool], toolChoice: { type: 'function', name } })
    const safe = JSON.stringify(body).match(/"name":"[A-Za-z0-9_-]{1,64}"/g)
    assert.equal(safe?.length, 3)
    assert.equal(new Set(safe).size, 1)
  })
})

function instruct(role: 'system' | 'developer', ...texts: readonly string[]): Message {
  return { role, content: texts.map(text), name: undefined }
}

function assistant(part: Partial<AssistantMessage>): Message {
  return {
    role: 'assistant',
    content: [],
    reasoning: undefined,
    refusal: undefined,
    toolCalls: [],
    name: undefined,
    ...part,
  }
}

function media(type: MediaPart['type'], url: string): MediaPart {
  return { type, url, param: 'messages[0].content[1]' }
}
