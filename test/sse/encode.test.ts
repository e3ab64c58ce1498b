import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { createSseDecoder, type SseMessage } from '../../src/sse/decode.ts'
import { encodeSse, encodeText } from '../../src/sse/encode.ts'
import { anyCharacter } from '../characters.ts'

const cases: readonly [name: string, messages: readonly SseMessage[], expected: string][] = [
  ['writes data', [{ data: '{"a":1}' }], 'data: {"a":1}\n\n'],
  ['writes the name first', [{ event: 'ping', data: '{}' }], 'event: ping\ndata: {}\n\n'],
  ['writes a batch as one text', [{ data: 'a' }, { data: 'b' }], 'data: a\n\ndata: b\n\n'],
  [
    'splits data at line breaks',
    [{ data: 'a\nb\r\nc\rd' }],
    'data: a\ndata: b\ndata: c\ndata: d\n\n',
  ],
  ['keeps a leading space', [{ data: ' a' }], 'data:  a\n\n'],
  ['writes nothing for nothing', [], ''],
]

describe('encodeSse()', () => {
  for (const [name, messages, expected] of cases) {
    it(name, () => {
      assert.equal(encodeSse(messages), expected)
    })
  }

  it('writes what the decoder reads', () => {
    const name = fc.stringMatching(/^[a-z.]+$/)
    const data = fc.string({ unit: anyCharacter, minLength: 1 }).filter((text) =>
      !text.includes('\r')
    )
    const message = fc.record({ event: name, data }, {
      requiredKeys: ['data'],
      noNullPrototype: true,
    })
    fc.assert(fc.property(fc.array(message), (messages) => {
      const decoder = createSseDecoder()
      const read = [...decoder.push(encodeText(encodeSse(messages))), ...decoder.end()]
      assert.deepEqual(read, messages)
    }))
  })
})
