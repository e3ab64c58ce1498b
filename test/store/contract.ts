import { after, describe } from 'node:test'
import type { Store } from '../../src/store/store.ts'
import { testAdministration } from './contract-administration.ts'
import { testResponses } from './contract-responses.ts'
import { testCounters } from './contract-counters.ts'
import { testLaw } from './contract-law.ts'
import { testLedger } from './contract-ledger.ts'
import { testObjects } from './contract-objects.ts'

/** A kind of store. */
export interface StoreTarget {
  /** Opens a store without content. */
  open(): Promise<Store>
  stop(): Promise<void>
}

/** A test that receives an empty store. */
export type StoreTest = (store: Store) => Promise<void>

export interface StoreTests {
  start(): Promise<StoreTarget>
  /** Random histories to check. */
  histories: number
  /** Tests every n-th combination of the members of a query, where each query is slow. */
  everyQuery: number
  /** The reason to skip the tests. */
  skip?: string | false
}

/** Tests that a store does what its interface promises. */
export function testStore(
  name: string,
  { start, histories, everyQuery, skip = false }: StoreTests,
): void {
  describe(`${name} store`, { skip }, () => {
    let started: Promise<StoreTarget> | undefined
    after(async () => await (await started)?.stop())
    const withStore = (test: StoreTest) => async () => {
      const store = await (await (started ??= start())).open()
      try {
        await test(store)
      } finally {
        await store.close()
      }
    }
    testResponses(withStore)
    testCounters(withStore)
    testLedger(withStore, everyQuery)
    testAdministration(withStore)
    testObjects(withStore)
    testLaw(withStore, histories)
  })
}

/** Turns a test of a store into a function for `it`. */
export type WithStore = (test: StoreTest) => () => Promise<void>
