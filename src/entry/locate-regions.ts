import type { Config } from '../config/read.ts'
import type { OciSetup } from '../oci/context.ts'
import { ocidRegion } from '../oci/models/ocid.ts'
import { controlEndpoint, inferenceEndpoint, type Region, regionNamed } from '../oci/regions.ts'
import { createRegionCache, type Target } from '../oci/resilience/region-targets.ts'
import type { Environment } from '../platform.ts'
import type { OciState } from './oci-state.ts'

/** The services that are called: of the configured regions, and of the region of an OCID. */
export function locateRegions(
  config: Pick<Config, 'inferenceEndpoint' | 'controlEndpoint'>,
  regions: readonly [Region, ...Region[]],
  { regional, now, env, state }: {
    /** Whether the credential works in the first region only. */
    regional: boolean
    now(): number
    env: Environment
    /** Keeps what is known about the same regions. */
    state: Pick<OciState, 'targets'>
  },
): Pick<OciSetup, 'targets' | 'control' | 'controls' | 'controlOf'> {
  const { inferenceEndpoint: address, controlEndpoint: controlAddress } = config
  const targetOf = (region: Region): Target => ({
    region: region.id,
    inference: address ?? inferenceEndpoint(region),
  })
  const [home, ...others] = regions
  const named = (name: string) => regional ? undefined : regionNamed(name, regions, env)
  const control = controlAddress ?? controlEndpoint(home)
  const createTargets = () =>
    // A configured address replaces those of all regions.
    createRegionCache([targetOf(home), ...(address ? [] : others.map(targetOf))], {
      ...{ regional, now },
      targetIn: (name) => {
        const region = named(name)
        const isNamedByOcid = !address && !regions.some(({ id }) => id === region?.id)
        return region && { ...targetOf(region), isNamedByOcid }
      },
    })
  return {
    targets: state.targets(JSON.stringify([address, regions, regional]), createTargets),
    control,
    controls: (controlAddress || regional ? [home] : regions).map((region) => ({
      region: region.id,
      control: controlAddress ?? controlEndpoint(region),
    })),
    controlOf: (ocid) => {
      const region = controlAddress ? undefined : named(ocidRegion(ocid) ?? '')
      return region ? controlEndpoint(region) : control
    },
  }
}
