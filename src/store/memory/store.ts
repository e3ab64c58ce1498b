import { type Immediate, promised } from '../promised.ts'
import type { Store } from '../store.ts'
import { createMemoryCounters } from './counters.ts'
import { createMemoryKeys } from './keys.ts'
import { createMemoryLedger } from './ledger.ts'
import { createMemoryObjects } from './objects.ts'
import { createMemoryState, recordChange } from './state.ts'
import { createMemoryResponses } from './responses.ts'

/** Creates a store that lives as long as the process, for tests and the demo. */
export function createMemoryStore(): Store {
  const state = createMemoryState()
  const { prices, ratios, audit } = state
  const { rows, ...ledger } = createMemoryLedger(state)
  const methods: Immediate<Exclude<keyof Store, 'rows'>> = {
    ...createMemoryResponses(state),
    ...createMemoryKeys(state),
    ...createMemoryCounters(state),
    ...ledger,
    ...createMemoryObjects(state),
    listPrices: () => prices.values().toArray().sort((a, b) => a.model < b.model ? -1 : 1),
    setPrice(price, change) {
      prices.set(price.model, price)
      recordChange(state, change)
    },
    listRatios: () => ratios.values().toArray().sort((a, b) => a.model < b.model ? -1 : 1),
    saveRatios(saved) {
      for (const ratio of saved) ratios.set(ratio.model, ratio)
    },
    audit: ({ after, limit }) => audit.slice(after, after + limit),
    revision: () => audit.length,
    ping() {},
    close() {},
  }
  return { ...promised(methods), rows }
}
