import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createSignatureCache } from '../../../src/oci/models/thought-signatures.ts'

describe('createSignatureCache()', () => {
  it('F5: keeps the signatures of clients apart', () => {
    const cache = createSignatureCache()
    cache.for('a').record('call_0', 'signature of a')
    cache.for('b').record('call_0', 'signature of b')
    assert.equal(cache.for('a').of('call_0'), 'signature of a')
    assert.equal(cache.for('b').of('call_0'), 'signature of b')
    assert.equal(cache.for('c').of('call_0'), undefined)
    assert.equal(cache.for(undefined).of('call_0'), undefined)
  })

  it('F3: limits the number of entries and the length of ids and signatures', () => {
    const own = createSignatureCache().for('a')
    for (let count = 0; count <= 10_000; count++) own.record(`call_${count}`, 's')
    own.record('long', 's'.repeat(8_193))
    own.record('x'.repeat(600), 's')
    assert.equal(own.of('call_0'), undefined)
    assert.equal(own.of('call_1'), 's')
    assert.equal(own.of('long'), undefined)
    assert.equal(own.of('x'.repeat(600)), undefined)
  })
})
