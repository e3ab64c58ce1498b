import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { createKeyCheck } from '../../src/access/keys.ts'
import { grapheme } from '../characters.ts'

const KEYS = ['sk-one', 'sk-two', 'schlüssel-😀']

const presented: [key: string, isLetIn: boolean][] = [
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
  for (const [key, isLetIn] of presented) {
    it(`E04 says ${isLetIn ? 'yes' : 'no'} to "${key}"`, async () => {
      const check = await createKeyCheck(KEYS)
      assert.equal(await check(key) !== undefined, isLetIn)
    })
  }

  it('Z03 says no to every key where none was given out', async () => {
    const check = await createKeyCheck([])
    assert.deepEqual(await Promise.all(['', 'sk-one'].map(check)), [undefined, undefined])
  })

  it('gives each key an id of its own that does not contain it and stays the same', async () => {
    const ids = async () => {
      const check = await createKeyCheck(KEYS)
      return await Promise.all(KEYS.flatMap((key) => [check(key), check(key)]))
    }
    const first = await ids()
    assert.deepEqual(await ids(), first)
    assert.equal(new Set(first).size, KEYS.length)
    for (const id of first) assert.match(id ?? '', /^[0-9a-f]{16}$/)
  })

  it('Z02 looks at digests of one length, all of them each time', async () => {
    const check = await createKeyCheck(KEYS)
    const looks = [...KEYS, '', 'x'.repeat(10_000)].map((key) => countReductions(() => check(key)))
    assert.deepEqual(
      await inTurn(looks),
      Array(5).fill({ lists: KEYS.length, bytes: [32, 32, 32] }),
    )
  })

  it('says yes to a key exactly when it was given out', async () => {
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

type Looks = { lists: number; bytes: number[] }

/** How many lists of bytes were compared to their ends while `work` was done, and how long they were. */
function countReductions(work: () => Promise<unknown>): () => Promise<Looks> {
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

async function inTurn<T>(works: readonly (() => Promise<T>)[]): Promise<T[]> {
  const done: T[] = []
  for (const work of works) done.push(await work())
  return done
}
