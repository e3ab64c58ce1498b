import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { AssistantMessage, MediaPart, Message, Part } from '../../../../src/chat/model.ts'
import { CHAT_COMPLETIONS } from '../../../../src/oci/formats/chat-completions/format.ts'
import type { ModelProfile } from '../../../../src/oci/models/profiles.ts'
import { text, user } from '../generic/request.ts'
import { sendAs } from '../../send-as.ts'

type Case = [name: string, message: Message, sent: object, model?: Partial<ModelProfile>]

const CALL = { id: 'call_1', name: 'f', arguments: '{"a":1}' }
const SENT_CALL = { id: 'call_1', type: 'function', function: { name: 'f', arguments: '{"a":1}' } }
const PNG = 'data:image/png;base64,iVBOR/+='
const PDF = 'data:application/pdf;base64,JVBERi0='

const cases: Case[] = [
  ['M01 keeps the developer where the family knows it', instruct('developer', 'x'), {
    role: 'developer',
    content: 'x',
  }, { developerRole: true }],
  ['M01 makes a developer the system elsewhere', instruct('developer', 'x'), {
    role: 'system',
    content: 'x',
  }],
  ['M02 keeps the parts of a text', instruct('system', 'a', 'b'), {
    role: 'system',
    content: [{ type: 'text', text: 'a' }, { type: 'text', text: 'b' }],
  }],
  ['keeps a name', user([text('Hi')], 'bob'), { role: 'user', content: 'Hi', name: 'bob' }],
  ['M04 sends no content in a turn that only calls', assistant({ toolCalls: [CALL] }), {
    role: 'assistant',
    tool_calls: [SENT_CALL],
  }],
  ['M05 sends a filler where the family needs some text', assistant({ toolCalls: [CALL] }), {
    role: 'assistant',
    content: '.',
    tool_calls: [SENT_CALL],
  }, { emptyToolCallText: '.' }],
  [
    'keeps words beside calls',
    assistant({ content: [text('Wait')], toolCalls: [CALL] }),
    { role: 'assistant', content: 'Wait', tool_calls: [SENT_CALL] },
    { emptyToolCallText: '.' },
  ],
  ['tells a refusal as text', assistant({ refusal: 'No' }), { role: 'assistant', content: 'No' }],
  ['T25 sends "{}" for no arguments', assistant({ toolCalls: [{ ...CALL, arguments: '' }] }), {
    role: 'assistant',
    tool_calls: [{ ...SENT_CALL, function: { name: 'f', arguments: '{}' } }],
  }],
  ['sends a result', result(text('42')), result42('42')],
  ['M12 fills an empty result', result(text('')), result42('(no output)')],
  ['M07 sends a picture', user([text('See'), media('image', PNG)]), {
    role: 'user',
    content: [{ type: 'text', text: 'See' }, { type: 'image_url', image_url: { url: PNG } }],
  }],
  ['M11 sends a document', user([media('document', PDF)]), {
    role: 'user',
    content: [{ type: 'file', file: { filename: 'document.pdf', file_data: PDF } }],
  }],
  ['M10 sends a recording', user([media('audio', 'data:audio/mpeg;base64,SUQz')]), {
    role: 'user',
    content: [{ type: 'input_audio', input_audio: { data: 'SUQz', format: 'mp3' } }],
  }],
]

const refused: [name: string, message: Message, model: Partial<ModelProfile>, words: RegExp][] = [
  ['what the model does not take', user([media('image', PNG)]), { inputs: ['text'] }, /it takes/],
  ['films', user([media('video', 'data:video/mp4;base64,AA==')]), {}, /no films/],
  ['a recording of another kind', user([media('audio', 'data:audio/ogg;base64,AA==')]), {}, /WAV/],
  ['a document by its address', user([media('document', 'https://a.example/b')]), {}, /data URL/],
  ['a picture as a result', result(media('image', PNG)), {}, /the result of a tool is text/],
]

describe('encodeMessage()', () => {
  for (const [name, message, sent, model] of cases) {
    it(name, () => {
      const { body } = sendAs(CHAT_COMPLETIONS, { messages: [message] }, model)
      assert.deepEqual(body['messages'], [sent])
    })
  }

  for (const [name, message, model, words] of refused) {
    it(`M12 refuses ${name}, and says where it stood`, () => {
      assert.throws(
        () => sendAs(CHAT_COMPLETIONS, { messages: [message] }, model),
        { code: 'unsupported_content', message: words, param: 'messages[0].content[0]' },
      )
    })
  }
})

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

function result42(content: string): object {
  return { role: 'tool', tool_call_id: 'call_1', content }
}

function media(type: MediaPart['type'], url: string): MediaPart {
  return { type, url, param: 'messages[0].content[0]' }
}
