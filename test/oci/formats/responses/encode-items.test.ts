import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { AssistantMessage, MediaPart, Message, Part } from '../../../../src/chat/model.ts'
import type { ModelProfile } from '../../../../src/oci/models/profiles.ts'
import { RESPONSES } from '../../../../src/oci/formats/responses/format.ts'
import { text, user } from '../generic/request.ts'
import { sendAs } from '../../send-as.ts'

type Case = [name: string, message: Message, sent: object[], model?: Partial<ModelProfile>]

const CALL = { id: 'call_1', name: 'f', arguments: '{"a":1}' }
const SENT_CALL = { type: 'function_call', call_id: 'call_1', name: 'f', arguments: '{"a":1}' }
const PNG = 'data:image/png;base64,iVBOR/+='
const PDF = 'data:application/pdf;base64,JVBERi0='

const cases: Case[] = [
  ['M01 keeps the developer role where the model supports it', instruct('developer', 'x'), [
    message('developer', 'x'),
  ], { developerRole: true }],
  ['M01 sends developer messages as system messages elsewhere', instruct('developer', 'x'), [
    message('system', 'x'),
  ]],
  ['M02 keeps the parts of a system message', instruct('system', 'a', 'b'), [
    message('system', 'a', 'b'),
  ], { developerRole: true }],
  ['sends no message without content', instruct('system', ''), []],
  ['sends no empty text', user([text(''), text('Hi')]), [message('user', 'Hi')]],
  ['M04 sends calls as separate items', assistant({ toolCalls: [CALL] }), [SENT_CALL], {
    emptyToolCallText: '.',
  }],
  [
    'sends text before calls, and calls in order',
    assistant({ content: [text('Wait')], toolCalls: [CALL, { ...CALL, id: 'call_2' }] }),
    [outputMessage('Wait'), SENT_CALL, { ...SENT_CALL, call_id: 'call_2' }],
  ],
  ['sends a refusal as text', assistant({ refusal: 'No' }), [outputMessage('No')]],
  [
    'does not send reasoning',
    assistant({ content: [text('Hi')], reasoning: 'hm' }),
    [outputMessage('Hi')],
  ],
  ['T25 sends "{}" for missing arguments', assistant({ toolCalls: [{ ...CALL, arguments: '' }] }), [
    { ...SENT_CALL, arguments: '{}' },
  ]],
  ['sends a single text result as a string', result(text('42')), [output('42')]],
  ['M12 sends a text for an empty result', result(), [output('(no output)')]],
  ['keeps the parts of a result', result(text('a'), text('b')), [
    output([{ type: 'input_text', text: 'a' }, { type: 'input_text', text: 'b' }]),
  ]],
  ['M07 sends an image', user([text('See'), media('image', PNG)]), [{
    type: 'message',
    role: 'user',
    content: [
      { type: 'input_text', text: 'See' },
      { type: 'input_image', image_url: PNG, detail: 'auto' },
    ],
  }]],
  ['M08 sends a picture by its address', user([media('image', 'https://a.example/b.png')]), [
    shown({ type: 'input_image', image_url: 'https://a.example/b.png', detail: 'auto' }),
  ]],
  ['sends an image as a tool result', result(media('image', PNG)), [
    output([{ type: 'input_image', image_url: PNG, detail: 'auto' }]),
  ]],
  ['M11 sends a document', user([media('document', PDF)]), [
    shown({ type: 'input_file', filename: 'document.pdf', file_data: PDF }),
  ]],
  ['sends a document of an unknown type', user([media('document', 'data:a/b;base64,AA==')]), [
    shown({ type: 'input_file', filename: 'document', file_data: 'data:a/b;base64,AA==' }),
  ]],
  ['sends a document by URL', user([media('document', 'https://a.example/b.pdf')]), [
    shown({ type: 'input_file', file_url: 'https://a.example/b.pdf' }),
  ]],
]

const refused: [name: string, part: MediaPart, model: Partial<ModelProfile>, words: RegExp][] = [
  [
    'a type the model does not support',
    media('image', PNG),
    { inputs: ['text'] },
    /send only text$/,
  ],
  ['audio', media('audio', 'data:audio/wav;base64,AA=='), {}, /do not support audio and video$/],
  ['video', media('video', 'data:video/mp4;base64,AA=='), {}, /do not support audio and video$/],
  ['another URL scheme', media('image', 'file:///etc/passwd'), {}, /a data URL/],
]

describe('encodeItems()', () => {
  for (const [name, message, sent, model] of cases) {
    it(name, () => {
      const { body } = sendAs(RESPONSES, { messages: [message] }, model)
      assert.deepEqual(body['input'], sent)
    })
  }

  for (const [name, part, model, words] of refused) {
    it(`M12 rejects ${name} and names the field`, () => {
      assert.throws(
        () => sendAs(RESPONSES, { messages: [user([part])] }, model),
        { message: words, param: 'messages[0].content[0]' },
      )
    })
  }
})

function message(role: string, ...texts: string[]): object {
  const content = texts.map((text) => ({ type: 'input_text', text }))
  return { type: 'message', role, content }
}

function outputMessage(text: string): object {
  return { type: 'message', role: 'assistant', content: [{ type: 'output_text', text }] }
}

function shown(part: object): object {
  return { type: 'message', role: 'user', content: [part] }
}

function output(output: unknown): object {
  return { type: 'function_call_output', call_id: 'call_1', output }
}

function instruct(role: 'system' | 'developer', ...texts: string[]): Message {
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

function result(...content: Part[]): Message {
  return { role: 'tool', toolCallId: 'call_1', content }
}

function media(type: MediaPart['type'], url: string): MediaPart {
  return { type, url, param: 'messages[0].content[0]' }
}
