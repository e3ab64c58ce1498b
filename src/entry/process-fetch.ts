import type { Platform } from '../platform.ts'
import { fetchOnce } from './deno-fetch.ts'
import { createNodeFetch } from './node-fetch.ts'
import { releasing } from './releasing.ts'

/** The runtime's `fetch`, without timeouts and automatic repetitions. */
export function processFetch(): Platform['fetch'] {
  if ('Deno' in globalThis) return fetchOnce
  return 'Bun' in globalThis ? fetchReleasing : createNodeFetch()
}

/** `fetch` for Bun, which copies a chunk of a stream before it reads the next one. */
function fetchReleasing(url: string, init: RequestInit): Promise<Response> {
  const { body } = init
  return fetch(url, body instanceof ReadableStream ? { ...init, body: releasing(body) } : init)
}
