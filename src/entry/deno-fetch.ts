import type { Platform } from '../platform.ts'

/** What is used of Deno's own API. */
interface DenoRuntime {
  createHttpClient(options: { poolMaxIdlePerHost: number }): object
}

/**
 * Deno's `fetch` on connections that are not kept: on a kept one that turns out to be closed it
 * would send a request again by itself, also one that OCI may be working at already (measured).
 */
export function createDenoFetch(): Platform['fetch'] {
  // Only called where the global is there.
  const { Deno } = globalThis as unknown as { Deno: DenoRuntime }
  const client = Deno.createHttpClient({ poolMaxIdlePerHost: 0 })
  return (url, init) => fetch(url, { ...init, client } as RequestInit)
}
