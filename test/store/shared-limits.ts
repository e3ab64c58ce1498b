import type { CounterDemand } from '../../src/store/store.ts'
import { demandOf, NOVEMBER } from './records.ts'

/** The limits that several processes share. The last one is reached. */
export const SHARED_LIMITS: readonly CounterDemand[] = [
  demandOf({ metric: 'concurrency' }, 1000, 1),
  demandOf({ ...NOVEMBER, metric: 'cost' }, 1e12, 1000, 100),
  demandOf({ metric: 'tokens' }, 9000, 50, 1),
]

/** Requests that each process sends before it waits for the others. Together they fit all limits. */
export const FIRST_REQUESTS = 10
