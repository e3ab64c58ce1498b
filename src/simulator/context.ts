import { type Refusal, refusalResponse } from './refusal.ts'

/** What outlives a request. */
export interface World {
  now(): number
  /** Milliseconds between the events of a stream. */
  eventDelay: number
  /** How often each key was called, for `times`. */
  calls: Map<string, number>
  onRefusal(refusal: Refusal): void
}

/** Refuses, and tells why. */
export function refuse(refusal: Refusal, world: World): Response {
  world.onRefusal(refusal)
  return refusalResponse(refusal)
}
