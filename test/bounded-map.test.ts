import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { BoundedMap } from '../src/bounded-map.ts'

describe('BoundedMap', () => {
  it('evicts the least recently set entry beyond its limit', () => {
    const map = new BoundedMap<number>({ maxEntries: 2 })
    map.set('a', 1)
    map.set('b', 2)
    map.set('a', 3)
    map.set('c', 4)
    assert.deepEqual([...map.entries()], [['a', 3], ['c', 4]])
    assert.equal(map.size, 2)
  })

  it('does not keep an entry whose key is longer than 512 characters', () => {
    const map = new BoundedMap<number>({ maxEntries: 2 })
    map.set('x'.repeat(512), 1)
    map.set('x'.repeat(513), 2)
    assert.equal(map.size, 1)
    assert.equal(map.get('x'.repeat(512)), 1)
    assert.equal(map.has('x'.repeat(513)), false)
  })

  it('does not return a deleted entry', () => {
    const map = new BoundedMap<number>({ maxEntries: 2 })
    map.set('a', 1)
    assert.equal(map.delete('a'), true)
    assert.equal(map.delete('a'), false)
    assert.equal(map.get('a'), undefined)
  })

  it('keeps the entries that were set last, in their order', () => {
    const key = fc.constantFrom('a', 'b', 'c', 'd')
    const change = fc.record({ key, value: fc.option(fc.nat(), { nil: undefined }) })
    fc.assert(fc.property(fc.array(change), (changes) => {
      const map = new BoundedMap<number>({ maxEntries: 3 })
      let expected: [key: string, value: number][] = []
      for (const { key, value } of changes) {
        expected = expected.filter(([other]) => other !== key)
        if (value === undefined) map.delete(key)
        else {
          map.set(key, value)
          expected = [...expected, [key, value] as [string, number]].slice(-3)
        }
        assert.deepEqual([...map.entries()], expected)
      }
    }))
  })
})
