import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { encodeText } from '../../src/entry/encode-text.ts'
import { serialize } from '../../src/oci/http/serialize.ts'
import { runAtOnce } from '../../src/steps.ts'
import { anyCharacter } from '../characters.ts'

const ALPHABETS = ['ask', 'é', '“quoted”', '日本', '😀']
/** Around the lengths at which the way of encoding changes. */
const LENGTHS = [0, 1, 8_191, 8_192, 8_193, 1_048_576, 1_048_577]

describe('encodeText()', { skip: encodeText ? false : 'the runtime needs no other way' }, () => {
  for (const alphabet of ALPHABETS) {
    it(`gives the same bytes as TextEncoder at every length: ${alphabet}`, () => {
      for (const length of LENGTHS) {
        const text = alphabet.repeat(length).slice(0, length).toWellFormed()
        assert.ok(equalBytes(encodeText?.(text), text), `${length} units`)
      }
    })
  }

  it('gives the bytes of a long text memory of their own', () => {
    for (const length of LENGTHS.slice(3)) {
      const bytes = encodeText?.('“'.repeat(length))
      assert.equal(bytes?.buffer.byteLength, bytes?.byteLength, `${length} units`)
    }
  })

  it('M24 gives valid UTF-8 for any JSON', () => {
    fc.assert(fc.property(fc.string({ unit: anyCharacter }), (part) => {
      const value = { text: part.repeat(1 + 10_000 / (part.length || 1)), [part]: part }
      assert.deepEqual(
        Buffer.from(runAtOnce(serialize(value, encodeText))),
        Buffer.from(runAtOnce(serialize(value))),
      )
    }))
  })
})

function equalBytes(bytes: Uint8Array | undefined, text: string): boolean {
  return bytes !== undefined && Buffer.compare(bytes, new TextEncoder().encode(text)) === 0
}
