import type { LedgerRow } from '../records.ts'
import type { LedgerPosition } from '../sql/ledger.ts'
import type { Store } from '../store.ts'
import { ApiError } from '../../errors.ts'
import { decode, encode } from './codec.ts'

/** Sends a request to the Durable Object, with the `fetch` of its stub. */
export type FetchFromObject = (url: string, init: RequestInit) => Promise<Response>

/** The methods that are one request each. */
const METHODS: Readonly<Record<Exclude<keyof Store, 'rows' | 'close'>, true>> = {
  findKey: true,
  getKey: true,
  listKeys: true,
  createKey: true,
  updateKey: true,
  deleteKey: true,
  touchKeys: true,
  hasKeys: true,
  getTeam: true,
  listTeams: true,
  putTeam: true,
  reserve: true,
  settle: true,
  renew: true,
  expire: true,
  counters: true,
  usage: true,
  findRows: true,
  deleteRows: true,
  putObjects: true,
  findObjects: true,
  deleteObject: true,
  listPrices: true,
  setPrice: true,
  listRatios: true,
  saveRatios: true,
  putResponse: true,
  getResponse: true,
  deleteResponse: true,
  pruneResponses: true,
  audit: true,
  revision: true,
  ping: true,
}

/** UTF-16 units of a response. A row has at most 2 MB, and a unit at most three bytes of UTF-8. */
const MAX_CONTENT = 650_000

/** A store in a Durable Object, which `createStoreHandler` serves. */
export function createDurableStore(fetch: FetchFromObject): Store {
  const call = async (method: string, values: readonly unknown[]) => {
    const response = await fetch(`https://store/${method}`, {
      method: 'POST',
      body: encode(values),
    })
    const text = await response.text()
    if (response.ok) return decode(text)
    throw new ApiError('internal_error', `The store in the Durable Object failed: ${text}`)
  }
  const calls = Object.keys(METHODS)
    .map((name) => [name, (...values: unknown[]) => call(name, values)] as const)
  // Each method sends its arguments and resolves with what the store's own method returned.
  const methods = Object.fromEntries(calls) as unknown as Omit<Store, 'rows' | 'close'>
  return {
    ...methods,
    putResponse: async (response) =>
      response.content.length <= MAX_CONTENT && await methods.putResponse(response),
    rows: (query) => readPages((after) => call('rows', [query, after])),
    close: () => Promise.resolve(),
  }
}

async function* readPages(
  read: (after: LedgerPosition | undefined) => Promise<unknown>,
): AsyncGenerator<LedgerRow> {
  let after: LedgerPosition | undefined
  do {
    // The answer of `rowsAfter`.
    const page = await read(after) as { rows: LedgerRow[]; last?: LedgerPosition }
    yield* page.rows
    after = page.last
  } while (after)
}
