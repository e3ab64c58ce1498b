import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ChatRequest, Tool } from '../../../src/chat/model.ts'
import { clientTextsOf, jsonTexts, withoutClientText } from '../../../src/oci/models/client-text.ts'
import { request, text, user } from '../formats/generic/request.ts'
import { cpuTimeOf } from '../../cpu-time.ts'

function tool(name: string, properties: object = {}): Tool {
  const parameters = { type: 'object', properties }
  return { name, description: undefined, parameters, strict: false }
}

const cases: [name: string, message: string, sent: Partial<ChatRequest>, rest: RegExp][] = [
  [
    'the name of a tool',
    "Invalid tool 'temperature': not supported",
    { tools: [tool('temperature')] },
    /^Invalid tool … +: not supported|^Invalid tool {2}… : not supported/,
  ],
  [
    'the name of a tool without quotes',
    'Tool temperature is not supported.',
    { tools: [tool('temperature')] },
    /^Tool … is not supported\.$/,
  ],
  [
    'the name of a property',
    'In context (properties, seed): seed is not allowed',
    { tools: [tool('f', { seed: { type: 'integer' } })] },
    /^In context \(properties, …\): … is not allowed$/,
  ],
  [
    'a name of several words',
    'Property stop is not supported: bad',
    { tools: [tool('f', { 'stop is not supported': {} })] },
    /^Property …: bad$/,
  ],
  [
    'the text of a message',
    'Invalid message "seed is not supported, wrote the man"',
    { messages: [user([text('Well: seed is not supported, wrote the man. And so on.')])] },
    /^Invalid message {2}… $/,
  ],
]

describe('withoutClientText()', () => {
  for (const [name, message, sent, rest] of cases) {
    it(`F5: removes ${name}`, () => {
      assert.match(withoutClientText(message, clientTextsOf(request(sent))), rest)
    })
  }

  it("F5: keeps OCI's words, even if the client uses them in its texts", () => {
    const message = "Unsupported parameter: 'temperature' is not supported with this model."
    const messages = [user([text('What is the temperature in Paris with this model?')])]
    assert.equal(withoutClientText(message, clientTextsOf(request({ messages }))), message)
    const mismatch = 'Chat request type does not match serving model.'
    const tools = [tool('f', { type: {}, model: {}, format: {} })]
    assert.equal(withoutClientText(mismatch, clientTextsOf(request({ tools }))), mismatch)
  })

  it('F5: reads only the beginning of a long error, in linear time', () => {
    const message = `${'seed '.repeat(100_000)}`
    assert.ok(withoutClientText(message, []).length <= 2_000)
    const quoted = `'${'a b c d '.repeat(200)}' is not supported`
    const many = Array.from({ length: 300_000 }, (_, index) => `text ${index} a b`)
    assert.ok(cpuTimeOf(() => withoutClientText(quoted, many)) < 5_000)
  })
})

describe('jsonTexts()', () => {
  it('yields each name and each text at any depth', () => {
    let deep: unknown = { a: 'b' }
    for (let level = 0; level < 100_000; level++) deep = [deep]
    assert.deepEqual([...jsonTexts(deep)], ['a', 'b'])
    assert.deepEqual([...jsonTexts({ x: [1, null, 'y'] })], ['x', 'y'])
  })
})
