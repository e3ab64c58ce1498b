import { BoundedMap } from '../../bounded-map.ts'
import type { LearnedQuirk } from './quirk.ts'

/** A learned quirk, for people to look at. */
export interface QuirkStatus {
  name: string
  /** Whether it affects all requests; else one request has met it so far. */
  confirmed: boolean
  /** Seconds until it is forgotten. */
  expiresIn: number
}

/**
 * What refusals taught about the models. A quirk affects other requests once two different requests
 * have met the same refusal, and is forgotten an hour after the last one that met it.
 */
export interface QuirkCache {
  /** The quirks of a model that affect all requests, in the order they were learned. */
  of(model: string): readonly LearnedQuirk[]
  /** Notes quirks that a request has met and that have helped it; gives those it has confirmed. */
  record(
    model: string,
    quirks: readonly LearnedQuirk[],
    requestId: string,
  ): readonly LearnedQuirk[]
  entries(): readonly (readonly [model: string, quirks: readonly QuirkStatus[]])[]
}

const MAX_MODELS = 1_000
const MAX_QUIRKS = 16
/** Milliseconds after which a quirk has to be met again. */
const LIFETIME = 60 * 60 * 1000

interface Entry {
  quirk: LearnedQuirk
  /** The request that met it first. */
  requestId: string
  confirmed: boolean
  until: number
}

/** Makes an empty cache; `now` is in milliseconds. */
export function createQuirkCache(now: () => number): QuirkCache {
  const models = new BoundedMap<BoundedMap<Entry>>({ maxEntries: MAX_MODELS })
  const liveOf = (quirks: BoundedMap<Entry> | undefined) =>
    [...quirks?.entries() ?? []].map(([, entry]) => entry).filter(({ until }) => until > now())
  return {
    of: (model) =>
      liveOf(models.get(model)).filter(({ confirmed }) => confirmed).map(({ quirk }) => quirk),
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
          until: now() + LIFETIME,
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
