import assert from 'node:assert/strict'
import { it } from 'node:test'
import fc from 'fast-check'
import { createMemoryStore } from '../../src/store/memory/store.ts'
import type { WithStore } from './contract.ts'
import { histories } from './histories.ts'
import { checkHistory } from './law.ts'

/** Tests what holds for every history of requests. `npm run fuzz -- budgets` runs many more. */
export function testLaw(withStore: WithStore, count: number): void {
  it(
    'never spends and reserves more than a limit, and spends what the ledger adds up to',
    withStore(async (store) => {
      let runs = 0
      await fc.assert(
        fc.asyncProperty(histories, async (history) => {
          await checkHistory(store, history, `run${runs++}`)
        }),
        { numRuns: count },
      )
    }),
  )
  it(
    'decides as the memory store does',
    withStore(async (store) => {
      let runs = 0
      await fc.assert(
        fc.asyncProperty(histories, async (history) => {
          const prefix = `other${runs++}`
          const expected = await checkHistory(createMemoryStore(), history, prefix, false)
          assert.deepEqual(await checkHistory(store, history, prefix, false), expected)
        }),
        { numRuns: count },
      )
    }),
  )
}
