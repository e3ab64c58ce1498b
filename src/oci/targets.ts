import { ocidKind } from './ocid.ts'
import { upstreamUrl } from './upstream-url.ts'

/** A region where models are asked. */
export interface Target {
  /** OCI's name of the region. */
  region: string
  /** Base address of its inference service. */
  inference: URL
}

/** The address of one of its operations. */
export function addressOf({ inference }: Target, path: string): URL {
  return upstreamUrl(inference, path.split('/').slice(1))
}

/** At least one, in the order they are tried. */
export type Targets = readonly [Target, ...Target[]]

/** Where each model is asked, and what refusals taught of it. */
export interface TargetBook {
  /** The regions for a model; where it is known to be served comes first. */
  of(model: string | undefined): Targets
  /** That a region other than the first serves a model which an earlier one does not know. */
  remember(model: string, target: Target): void
}

/** How many models are remembered; the ones longest unused go first. */
const MOST_MODELS = 1_000
/** Models come to new regions: what was learnt is looked at anew every ten minutes. */
const FORGOTTEN_AFTER = 600_000

/**
 * Makes an empty book; `now` is in milliseconds. Dedicated endpoints, and keys that are `regional`,
 * are known to the first region alone.
 */
export function createTargetBook(
  targets: Targets,
  { regional, now }: { regional: boolean; now: () => number },
): TargetBook {
  const learnt = new Map<string, { target: Target; until: number }>()
  return {
    of(model) {
      const isBound = regional || model === undefined || ocidKind(model) !== undefined
      if (isBound) return [targets[0]]
      const known = learnt.get(model)
      if (known === undefined || known.until <= now()) return targets
      return [known.target, ...targets.filter((target) => target !== known.target)]
    },
    remember(model, target) {
      learnt.delete(model)
      learnt.set(model, { target, until: now() + FORGOTTEN_AFTER })
      for (const oldest of learnt.keys()) {
        if (learnt.size <= MOST_MODELS) break
        learnt.delete(oldest)
      }
    },
  }
}
