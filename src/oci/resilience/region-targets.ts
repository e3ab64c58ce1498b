import { BoundedMap } from '../../bounded-map.ts'
import { ocidKind } from '../models/ocid.ts'
import { type QueryParameter, upstreamUrl } from '../http/upstream-url.ts'

/** A region that serves models. */
export interface Target {
  /** The region's id, such as `us-chicago-1`. */
  region: string
  /** Base URL of the region's inference service. */
  inference: URL
}

/** Returns the URL of an operation of a region, or of an object below the operation's path. */
export function addressOf(
  { inference }: Target,
  path: string,
  segments: readonly string[] = [],
  query: readonly QueryParameter[] = [],
): URL {
  return upstreamUrl(inference, [...path.split('/').slice(1), ...segments], query)
}

/** At least one target, in the order in which they are tried. */
export type Targets = readonly [Target, ...Target[]]

/** The targets of each model, with a cache of the regions that serve it. */
export interface RegionCache {
  /** Returns the targets for a model; a region that is known to serve it is first. */
  of(model: string | undefined): Targets
  /** Caches the region of a model that the first region does not know. */
  remember(model: string, target: Target): void
}

const MAX_MODELS = 1_000
/** Milliseconds for which a model's region is cached; models are added to regions over time. */
const TTL = 600_000

/**
 * Creates an empty cache; `now` is in milliseconds. Dedicated endpoints and `regional` keys work only
 * in the first region.
 */
export function createRegionCache(
  targets: Targets,
  { regional, now }: { regional: boolean; now: () => number },
): RegionCache {
  const cache = new BoundedMap<{ target: Target; until: number }>({ maxEntries: MAX_MODELS })
  return {
    of(model) {
      const isBound = regional || model === undefined || ocidKind(model) !== undefined
      if (isBound) return [targets[0]]
      const known = cache.get(model)
      if (known === undefined || known.until <= now()) return targets
      return [known.target, ...targets.filter((target) => target !== known.target)]
    },
    remember(model, target) {
      cache.set(model, { target, until: now() + TTL })
    },
  }
}
