import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ProfileQuirk } from '../../../src/oci/models/quirk.ts'
import { createQuirkCache } from '../../../src/oci/models/quirk-cache.ts'

const HOUR = 3_600_000

function quirk(name: string): ProfileQuirk {
  return { type: 'profile', name, change: () => ({}) }
}

function open() {
  const time = { now: 1_000_000 }
  const cache = createQuirkCache(() => time.now)
  const namesOf = (model: string) => cache.of(model).map(({ name }) => name)
  return { cache, time, namesOf }
}

describe('createQuirkCache()', () => {
  it('B3: applies a quirk of a model once two different requests have met it', () => {
    const { cache, namesOf } = open()
    assert.deepEqual(cache.record('m', [quirk('a'), quirk('b')], 'r1'), [])
    assert.deepEqual(cache.record('m', [quirk('a')], 'r1'), [])
    assert.deepEqual(namesOf('m'), [])
    assert.deepEqual(cache.record('m', [quirk('a')], 'r2').map(({ name }) => name), ['a'])
    assert.deepEqual(namesOf('m'), ['a'])
    assert.deepEqual(namesOf('other'), [])
    assert.deepEqual(cache.entries(), [['m', [
      { name: 'b', confirmed: false, expiresIn: 3600 },
      { name: 'a', confirmed: true, expiresIn: 3600 },
    ]]])
  })

  it('B3: expires it an hour after the last request that met it', () => {
    const { cache, time, namesOf } = open()
    cache.record('m', [quirk('a')], 'r1')
    cache.record('m', [quirk('a')], 'r2')
    time.now += HOUR - 1
    assert.deepEqual(namesOf('m'), ['a'])
    cache.record('m', [quirk('a')], 'r3')
    time.now += HOUR - 1
    assert.deepEqual(namesOf('m'), ['a'])
    time.now += 1
    assert.deepEqual([namesOf('m'), cache.entries()], [[], []])
    cache.record('m', [quirk('a')], 'r4')
    assert.deepEqual(namesOf('m'), [], 'it must be confirmed again')
  })

  it('B3: limits the number of models and of quirks for each', () => {
    const { cache } = open()
    for (let count = 0; count < 1_001; count++) cache.record(`m${count}`, [quirk('a')], 'r')
    for (let count = 0; count < 20; count++) cache.record('m5', [quirk(`q${count}`)], 'r')
    const entries = cache.entries()
    assert.equal(entries.length, 1_000)
    assert.equal(entries.some(([model]) => model === 'm0'), false)
    assert.equal(entries.find(([model]) => model === 'm5')?.[1].length, 16)
  })
})
