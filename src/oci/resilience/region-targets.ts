import { BoundedMap } from '../../bounded-map.ts'
import { ocidKind } from '../models/ocid.ts'
import { type QueryParameter, upstreamUrl } from '../http/upstream-url.ts'

/** A region where models are asked. */
export interface Target {
  /** OCI's name of the region. */
  region: string
  /** Base address of its inference service. */
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

/** At least one, in the order they are tried. */
export type Targets = readonly [Target, ...Target[]]

/** Where each model is asked, and which region was found to serve it. */
export interface RegionCache {
  /** The regions for a model; where it is known to be served comes first. */
  of(model: string | undefined): Targets
  /** That a region other than the first serves a model which an earlier one does not know. */
  remember(model: string, target: Target): void
}

const MAX_MODELS = 1_000
/** Models come to new regions: what was learnt is looked at anew every ten minutes. */
const FORGOTTEN_AFTER = 600_000

/**
 * Makes an empty cache; `now` is in milliseconds. Dedicated endpoints, and keys that are `regional`,
 * are known to the first region alone.
 */
export function createRegionCache(
  targets: Targets,
  { regional, now }: { regional: boolean; now: () => number },
): RegionCache {
  const learnt = new BoundedMap<{ target: Target; until: number }>({ maxEntries: MAX_MODELS })
  return {
    of(model) {
      const isBound = regional || model === undefined || ocidKind(model) !== undefined
      if (isBound) return [targets[0]]
      const known = learnt.get(model)
      if (known === undefined || known.until <= now()) return targets
      return [known.target, ...targets.filter((target) => target !== known.target)]
    },
    remember(model, target) {
      learnt.set(model, { target, until: now() + FORGOTTEN_AFTER })
    },
  }
}
