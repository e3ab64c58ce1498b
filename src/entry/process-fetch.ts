import type { Platform } from '../platform.ts'
import { fetchOnce } from './deno-fetch.ts'
import { createNodeFetch } from './node-fetch.ts'

/** The runtime's `fetch`, without timeouts and automatic repetitions. */
export function processFetch(): Platform['fetch'] {
  if ('Deno' in globalThis) return fetchOnce
  return 'Bun' in globalThis ? (url, init) => fetch(url, init) : createNodeFetch()
}
