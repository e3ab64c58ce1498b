import { BoundedMap } from '../../bounded-map.ts'
import { ocidKind, ocidRegion } from '../models/ocid.ts'
import { upstreamUrl } from '../http/upstream-url.ts'

/** A region that serves models. */
export interface Target {
  /** The region's id, such as `us-chicago-1`. */
  region: string
  /** Base URL of the region's inference service. */
  inference: URL
  /** Whether only an OCID names the region, so that the tenancy may have no subscription to it. */
  isNamedByOcid?: boolean | undefined
}

/** The URLs of each target's operations, by their paths. */
const addresses = new WeakMap<Target, Map<string, URL>>()

/**
 * Returns the URL of an operation of a region. It is shared and must not be changed.
 * @param path one of the gateway's own, which has nothing from a client
 */
export function addressOf(target: Target, path: string): URL {
  let own = addresses.get(target)
  if (!own) addresses.set(target, own = new Map())
  let url = own.get(path)
  if (!url) own.set(path, url = upstreamUrl(target.inference, path.split('/').slice(1)))
  return url
}

/** At least one target, in the order in which they are tried. */
export type Targets = readonly [Target, ...Target[]]

/** The targets of each model, with a cache of the regions that serve it. */
export interface RegionCache {
  /** Returns the targets for a model; a region that is known to serve it is first. */
  of(model: string | undefined): Targets
  /** Returns the configured targets that the credential can call: an object may be in any of them. */
  all(): Targets
  /** Caches the region of a model that the first region does not know. */
  remember(model: string, target: Target): void
}

const MAX_MODELS = 1_000
/** Milliseconds for which a model's region is cached; models are added to regions over time. */
const TTL = 600_000

export interface RegionCacheOptions {
  /** Whether the credential works in the first region only. */
  regional: boolean
  /** Milliseconds. */
  now(): number
  /** Returns the target of the region that an OCID names, if it may be called. */
  targetIn?: ((region: string) => Target | undefined) | undefined
}

/** Creates an empty cache. What an OCID names is in one region only. */
export function createRegionCache(
  targets: Targets,
  { regional, now, targetIn }: RegionCacheOptions,
): RegionCache {
  const cache = new BoundedMap<{ target: Target; until: number }>({ maxEntries: MAX_MODELS })
  return {
    of(model) {
      if (regional || model === undefined) return [targets[0]]
      if (ocidKind(model) !== undefined) {
        const own = ocidRegion(model)
        return [(own === undefined ? undefined : targetIn?.(own)) ?? targets[0]]
      }
      const known = cache.get(model)
      if (known === undefined || known.until <= now()) return targets
      return [known.target, ...targets.filter((target) => target !== known.target)]
    },
    all: () => regional ? [targets[0]] : targets,
    remember(model, target) {
      cache.set(model, { target, until: now() + TTL })
    },
  }
}
