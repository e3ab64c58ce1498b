import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { countTokens } from '../../../src/anthropic/messages/count-tokens.ts'
import { estimateTokens } from '../../../src/anthropic/messages/estimate.ts'
import { decode } from './request.ts'

const TOOL = { name: 'f', input_schema: { type: 'object' } }
const SMALL = { type: 'base64', media_type: 'image/png', data: 'iVBO' }
const LARGE = { ...SMALL, media_type: 'application/pdf', data: 'x'.repeat(150_000) }
const LONG = 'word '.repeat(1_000)

/** What a part adds to the count of a minimal request. */
const parts: [name: string, part: object, adds: number][] = [
  ['system text', { system: LONG }, estimateTokens(LONG) + 4],
  ['a message', { messages: [hi(), { role: 'assistant', content: 'word' }] }, 4.95],
  ['an image', { messages: [hi({ type: 'image', source: SMALL })] }, 1_600],
  ['a document by its length', { messages: [hi({ type: 'document', source: LARGE })] }, 4_000],
  ['a tool and its schema', { tools: [TOOL] }, 8 + estimateTokens('f {"type":"object"}')],
  ['a call', {
    messages: [
      hi(),
      { role: 'assistant', content: [{ type: 'tool_use', id: 'a', name: 'f', input: { a: 'b' } }] },
    ],
  }, 12 + estimateTokens('f') + estimateTokens('{"a":"b"}')],
  ['a response schema', {
    output_config: { format: { type: 'json_schema', schema: { type: 'object' } } },
  }, estimateTokens('{"type":"object"}')],
  ['no earlier reasoning', {
    messages: [hi(), {
      role: 'assistant',
      content: [{ type: 'thinking', thinking: LONG, signature: 's' }],
    }],
  }, 4],
]

describe('countTokens()', () => {
  for (const [name, part, adds] of parts) {
    it(`N15 counts ${name}`, () => {
      const base = countTokens(decode({ messages: [hi()] }).request)
      const count = countTokens(decode({ messages: [hi()], ...part }).request)
      assert.ok(Math.abs(count - base - adds) <= 1.5, `${count - base} for ${adds}`)
      assert.ok(Number.isInteger(count))
    })
  }
})

function hi(...more: object[]): object {
  return { role: 'user', content: [{ type: 'text', text: 'Hi' }, ...more] }
}
