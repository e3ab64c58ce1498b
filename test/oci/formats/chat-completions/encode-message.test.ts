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
  ['M01 keeps the developer role where the model supports it', instruct('developer', 'x'), {
    role: 'developer',
    content: 'x',
  }, { developerRole: true }],
  ['M01 sends developer messages as system messages elsewhere', instruct('developer', 'x'), {
    role: 'system',
    content: 'x',
  }],
  ['M02 keeps the parts of a text', instruct('system', 'a', 'b'), {
    role: 'system',
    content: [{ type: 'text', text: 'a' }, { type: 'text', text: 'b' }],
  }],
  ['keeps a name', user([text('Hi')], 'bob'), { role: 'user', content: 'Hi', name: 'bob' }],
  ['M04 sends no content in a message with only tool calls', assistant({ toolCalls: [CALL] }), {
    role: 'assistant',
    tool_calls: [SENT_CALL],
  }],
  ['M05 sends placeholder text where the model requires text', assistant({ toolCalls: [CALL] }), {
    role: 'assistant',
    content: '.',
    tool_calls: [SENT_CALL],
  }, { emptyToolCallText: '.' }],
  [
    'keeps text next to calls',
    assistant({ content: [text('Wait')], toolCalls: [CALL] }),
    { role: 'assistant', content: 'Wait', tool_calls: [SENT_CALL] },
    { emptyToolCallText: '.' },
  ],
  ['sends a refusal as text', assistant({ refusal: 'No' }), { role: 'assistant', content: 'No' }],
  ['T25 sends "{}" for missing arguments', assistant({ toolCalls: [{ ...CALL, arguments: '' }] }), {
    role: 'assistant',
    tool_calls: [{ ...SENT_CALL, function: { name: 'f', arguments: '{}' } }],
  }],
  ['sends a result', result(text('42')), result42('42')],
  ['M12 sends a text for an empty result', result(text('')), result42('(no output)')],
  ['M07 sends an image', user([text('See'), media('image', PNG)]), {
    role: 'user',
    content: [{ type: 'text', text: 'See' }, { type: 'image_url', image_url: { url: PNG } }],
  }],
  ['M11 sends a document', user([media('document', PDF)]), {
    role: 'user',
    content: [{ type: 'file', file: { filename: 'document.pdf', file_data: PDF } }],
  }],
  ['M10 sends audio', user([media('audio', 'data:audio/mpeg;base64,SUQz')]), {
    role: 'user',
    content: [{ type: 'input_audio', input_audio: { data: 'SUQz', format: 'mp3' } }],
  }],
]

const refused: [name: string, message: Message, model: Partial<ModelProfile>, words: RegExp][] = [
  [
    'a type the model does not support',
    user([media('image', PNG)]),
    { inputs: ['text'] },
    /send only text$/,
  ],
  ['video', user([media('video', 'data:video/mp4;base64,AA==')]), {}, /do not support video$/],
  ['audio of another format', user([media('audio', 'data:audio/ogg;base64,AA==')]), {}, /WAV/],
  ['a document by URL', user([media('document', 'https://a.example/b')]), {}, /data URL/],
  ['an image as a tool result', result(media('image', PNG)), {}, /tool results must be text$/],
]

describe('encodeMessage()', () => {
  for (const [name, message, sent, model] of cases) {
    it(name, () => {
      const { body } = sendAs(CHAT_COMPLETIONS, { messages: [message] }, model)
      assert.deepEqual(body['messages'], [sent])
    })
  }

  for (const [name, message, model, words] of refused) {
    it(`M12 rejects ${name} and names the field`, () => {
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
