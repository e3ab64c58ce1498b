import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { createReplacer } from '../../../src/oci/relay/replace.ts'

describe('createReplacer()', () => {
  it('replaces like String.replaceAll()', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '🦊') })
    const needle = fc.string({ unit: fc.constantFrom('a', 'b', 'é'), minLength: 1, maxLength: 4 })
    fc.assert(fc.property(letters, needle, letters, (whole, from, to) => {
      const replaced = createReplacer(from, to)(new TextEncoder().encode(whole))
      assert.equal(new TextDecoder().decode(replaced), whole.replaceAll(from, () => to))
    }))
  })

  it('replaces a text of more than 255 bytes', () => {
    const name = 'n'.repeat(300)
    const replaced = createReplacer(name, 'm')(
      new TextEncoder().encode(`${'-'.repeat(400)}${name}.`),
    )
    assert.equal(new TextDecoder().decode(replaced), `${'-'.repeat(400)}m.`)
  })

  it('returns the same array without an occurrence', () => {
    const bytes = new TextEncoder().encode('nothing of the kind')
    assert.equal(createReplacer('model', 'name')(bytes), bytes)
  })
})
