import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { createKeyCheck } from '../../src/access/keys.ts'
import { grapheme } from '../characters.ts'

const KEYS = ['sk-one', 'sk-two', 'schlüssel-😀']

const presented: [key: string, isValid: boolean][] = [
  ['sk-one', true],
  ['sk-two', true],
  ['schlüssel-😀', true],
  ['', false],
  ['sk-', false],
  ['sk-one ', false],
  ['SK-ONE', false],
  ['sk-onesk-two', false],
  ['sk-one,sk-two', false],
]

describe('createKeyCheck()', () => {
  for (const [key, isValid] of presented) {
    it(`E04 ${isValid ? 'accepts' : 'rejects'} "${key}"`, async () => {
      const check = await createKeyCheck(KEYS)
      assert.equal(await check(key) !== undefined, isValid)
    })
  }

  it('Z03 rejects every key if none is configured', async () => {
    const check = await createKeyCheck([])
    assert.deepEqual(await Promise.all(['', 'sk-one'].map(check)), [undefined, undefined])
  })

  it('derives a unique, stable id for each key that does not contain the key', async () => {
    const ids = async () => {
      const check = await createKeyCheck(KEYS)
      return await Promise.all(KEYS.flatMap((key) => [check(key), check(key)]))
    }
    const first = await ids()
    assert.deepEqual(await ids(), first)
    assert.equal(new Set(first).size, KEYS.length)
    for (const id of first) assert.match(id ?? '', /^[0-9a-f]{16}$/)
  })

  it('Z02 compares digests of one length, all of them each time', async () => {
    const check = await createKeyCheck(KEYS)
    const counts = [...KEYS, '', 'x'.repeat(10_000)].map((key) =>
      countReductions(async () => await check(key))
    )
    assert.deepEqual(
      await runInSequence(counts),
      Array(5).fill({ lists: KEYS.length, bytes: [32, 32, 32] }),
    )
  })

  it('accepts exactly the configured keys', async () => {
    const keys = fc.array(fc.string({ minLength: 1, unit: grapheme }), { maxLength: 5 })
    await fc.assert(
      fc.asyncProperty(keys, fc.string(), fc.nat(), async (keys, other, which) => {
        const check = await createKeyCheck(keys)
        for (const key of [other, keys[which % (keys.length || 1)] ?? '']) {
          assert.equal(await check(key) !== undefined, keys.includes(key))
        }
      }),
    )
  })
})

type Reductions = { lists: number; bytes: number[] }

/** Counts the byte arrays that `work` compares completely, with their lengths. */
function countReductions(work: () => Promise<unknown>): () => Promise<Reductions> {
  return async () => {
    const { reduce } = Uint8Array.prototype
    const bytes: number[] = []
    Object.defineProperty(Uint8Array.prototype, 'reduce', {
      configurable: true,
      writable: true,
      value(this: Uint8Array, ...args: Parameters<typeof reduce>) {
        bytes.push(this.length)
        return reduce.apply(this, args)
      },
    })
    try {
      await work()
    } finally {
      Reflect.deleteProperty(Uint8Array.prototype, 'reduce')
    }
    return { lists: bytes.length, bytes }
  }
}

async function runInSequence<T>(tasks: readonly (() => Promise<T>)[]): Promise<T[]> {
  const results: T[] = []
  for (const task of tasks) results.push(await task())
  return results
}
