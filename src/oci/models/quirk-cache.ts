import { BoundedMap } from '../../bounded-map.ts'
import type { LearnedQuirk } from './quirk.ts'

/** A learned quirk, as `/readyz` reports it. */
export interface QuirkStatus {
  name: string
  /** Whether it affects all requests; otherwise only one request has met it so far. */
  confirmed: boolean
  /** Seconds until it expires. */
  expiresIn: number
}

/**
 * The learned quirks of all models. A quirk affects other requests once two different requests have
 * met the same rejection. It expires an hour after the last request that met it.
 */
export interface QuirkCache {
  /** Returns the confirmed quirks of a model, in the order in which they were learned. */
  of(model: string): readonly LearnedQuirk[]
  /** Records quirks that helped a request, and returns those that it has confirmed. */
  record(
    model: string,
    quirks: readonly LearnedQuirk[],
    requestId: string,
  ): readonly LearnedQuirk[]
  /** Returns all quirks that have not expired, by model. */
  entries(): readonly (readonly [model: string, quirks: readonly QuirkStatus[]])[]
}

const NONE: readonly LearnedQuirk[] = []

const MAX_MODELS = 1_000
const MAX_QUIRKS = 16
/** Milliseconds until a quirk expires. */
const TTL = 60 * 60 * 1000

interface Entry {
  quirk: LearnedQuirk
  /** The request that met it first. */
  requestId: string
  confirmed: boolean
  until: number
}

/** Creates an empty cache; `now` is in milliseconds. */
export function createQuirkCache(now: () => number): QuirkCache {
  const models = new BoundedMap<BoundedMap<Entry>>({ maxEntries: MAX_MODELS })
  const liveOf = (quirks: BoundedMap<Entry> | undefined) =>
    [...quirks?.entries() ?? []].map(([, entry]) => entry).filter(({ until }) => until > now())
  return {
    of(model) {
      const learned = models.get(model)
      // Most models have none, and each request asks.
      if (learned === undefined) return NONE
      return liveOf(learned).filter(({ confirmed }) => confirmed).map(({ quirk }) => quirk)
    },
    record(model, quirks, requestId) {
      if (quirks.length === 0) return []
      const known = models.get(model) ?? new BoundedMap<Entry>({ maxEntries: MAX_QUIRKS })
      const confirmed = quirks.filter((quirk) => {
        const live = known.get(quirk.name)
        const before = live && live.until > now() ? live : undefined
        const isConfirmed = before !== undefined &&
          (before.confirmed || before.requestId !== requestId)
        known.set(quirk.name, {
          quirk,
          requestId: before?.requestId ?? requestId,
          confirmed: isConfirmed,
          until: now() + TTL,
        })
        return isConfirmed && !before.confirmed
      })
      models.set(model, known)
      return confirmed
    },
    entries: () => {
      const all = [...models.entries()].map(([model, quirks]) => [model, liveOf(quirks)] as const)
      return all.filter(([, live]) => live.length > 0)
        .map(([model, live]) => [model, live.map((entry) => statusOf(entry, now()))] as const)
    },
  }
}

function statusOf({ quirk: { name }, confirmed, until }: Entry, now: number): QuirkStatus {
  return { name, confirmed, expiresIn: Math.ceil((until - now) / 1000) }
}
