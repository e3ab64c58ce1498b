import { relayedJson } from '../cases/relayed-json.ts'
import type { Fuzz } from './fuzz.ts'

/** Any JSON in relayed requests. OCI must receive the same, except for documented replacements. */
export async function relay(): Promise<Fuzz> {
  return { property: await relayedJson(), summary: () => 'relayed requests' }
}
