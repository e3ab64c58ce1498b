import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  type AssistantMessage,
  emptyChatRequest,
  type ResponseFormat,
  type ToolCall,
} from '../../src/chat/model.ts'
import {
  IMAGE_TOKENS,
  type PromptSize,
  sizeOfBody,
  sizeOfChat,
  sizeOfText,
  sizeOfTexts,
} from '../../src/metering/prompt-size.ts'

const DATA_URL = `data:image/png;base64,${'A'.repeat(80_000)}`

describe('sizeOfText()', () => {
  const texts = [
    '',
    'Hello',
    'é',
    '日本語',
    '👍🏽',
    '\ud800',
    'a\udc00b',
    '\ud83d\ud83d\ude00',
    'ß€𝄞',
  ]
  for (const text of texts) {
    it(`counts the bytes and code points of ${JSON.stringify(text)}`, () => {
      const { bytes, characters } = sizeOfText(text)
      assert.equal(bytes, new TextEncoder().encode(text).length)
      assert.equal(characters, [...text].length)
    })
  }
})

describe('sizeOfTexts()', () => {
  it('counts each text as an item', () => {
    assert.deepEqual(sizeOfTexts(['ab', 'ü']), {
      bytes: 4,
      characters: 3,
      items: 2,
      mediaTokens: 0,
    })
  })
})

describe('sizeOfChat()', () => {
  const user = (text: string) =>
    ({ role: 'user', content: [{ type: 'text', text }], name: undefined }) as const

  it('counts messages, tool calls, tools and a schema', () => {
    const tool = { name: 'f', description: 'd', parameters: { type: 'object' }, strict: false }
    const call: ToolCall = { id: 'unread', name: 'f', arguments: '{}' }
    const reply: AssistantMessage = {
      ...{ role: 'assistant', content: [], reasoning: 'r', toolCalls: [call] },
      ...{ refusal: undefined, name: undefined },
    }
    const responseFormat: ResponseFormat = {
      ...{ type: 'json-schema', name: 's', description: undefined, strict: true },
      schema: { type: 'string' },
    }
    const messages = [user('日本'), reply]
    const request = { ...emptyChatRequest('m'), messages, tools: [tool], responseFormat }
    const json = JSON.stringify(tool).length + '{"type":"string"}'.length
    assert.deepEqual(sizeOfChat(request), {
      bytes: 6 + 1 + 3 + json,
      characters: 2 + 1 + 3 + json,
      items: 1 + 2 + 1,
      mediaTokens: 0,
    })
  })

  const media: [type: 'image' | 'document' | 'audio' | 'video', url: string, tokens: number][] = [
    ['image', DATA_URL, IMAGE_TOKENS],
    ['image', 'https://example.com/a.png', IMAGE_TOKENS],
    ['document', DATA_URL, Math.ceil(DATA_URL.length / 8)],
    ['audio', 'https://example.com/a.mp3', 20_000],
  ]
  for (const [type, url, mediaTokens] of media) {
    it(`counts ${mediaTokens} tokens for ${type} ${url.slice(0, 16)}`, () => {
      const part = { type, url, param: 'messages[0]' }
      const message = { role: 'user', content: [part], name: undefined } as const
      const size = sizeOfChat({ ...emptyChatRequest('m'), messages: [message] })
      assert.deepEqual(size, { bytes: 0, characters: 0, items: 1, mediaTokens })
    })
  }
})

describe('sizeOfBody()', () => {
  const text = { bytes: 2, characters: 2, items: 1, mediaTokens: 0 }
  const image = { bytes: 0, characters: 0, items: 1, mediaTokens: IMAGE_TOKENS }
  const tools = [{ type: 'function', name: 'f' }]
  const json = JSON.stringify(tools).length
  const rows: [name: string, body: Record<string, unknown>, size: PromptSize][] = [
    ['a text as input', { model: 'unread', input: 'Hi', max_output_tokens: 9 }, text],
    ['a message', { messages: [{ role: 'user', content: 'Hi' }] }, text],
    ['parts', { messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }] }, text],
    ['token ids', { prompt: [1, 2] }, { ...text, items: 0 }],
    ['instructions', { instructions: 'Hi' }, text],
    ['tools', { tools }, { bytes: json, characters: json, items: 1, mediaTokens: 0 }],
    ['a call and its result', {
      input: [
        { type: 'function_call', call_id: 'unread', name: 'f', arguments: '' },
        { type: 'function_call_output', call_id: 'unread', output: '1' },
      ],
    }, { ...text, items: 2 }],
    ['an image of Chat Completions', {
      messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: DATA_URL } }] }],
    }, image],
    ['an image of Responses', {
      input: [{ role: 'user', content: [{ type: 'input_image', image_url: DATA_URL }] }],
    }, image],
    ['a file', {
      input: [{
        role: 'user',
        content: [{ type: 'input_file', filename: 'a.pdf', file_data: 'A'.repeat(8_000) }],
      }],
    }, { ...image, mediaTokens: 1_000 }],
    ['nothing', {}, { bytes: 0, characters: 0, items: 0, mediaTokens: 0 }],
  ]
  for (const [name, body, size] of rows) {
    it(`measures ${name}`, () => assert.deepEqual(sizeOfBody(body), size))
  }

  it('measures a million members without a deep call stack', () => {
    assert.equal(
      sizeOfBody({ prompt: Array.from({ length: 1_000_000 }, () => 1) }).bytes,
      1_000_000,
    )
  })
})
