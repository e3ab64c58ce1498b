import type { Config } from '../config/read.ts'
import type { OciSetup } from '../oci/context.ts'
import { ocidRegion } from '../oci/models/ocid.ts'
import { controlEndpoint, inferenceEndpoint, type Region, regionNamed } from '../oci/regions.ts'
import {
  createRegionCache,
  type RegionCache,
  type Target,
} from '../oci/resilience/region-targets.ts'
import type { Environment } from '../platform.ts'
import type { OciState } from './oci-state.ts'

/** What decides which services are called. */
export interface Location {
  /** Whether the credential works in the first region only. */
  regional: boolean
  now(): number
  env: Environment
  /** Keeps what is known about the same regions. */
  state: Pick<OciState, 'targets'>
}

type Addresses = Pick<Config, 'inferenceEndpoint' | 'controlEndpoint'>
type Regions = readonly [Region, ...Region[]]

/** The services that are called: of the configured regions, and of the region of an OCID. */
export function locateRegions(
  config: Addresses,
  regions: Regions,
  location: Location,
): Pick<OciSetup, 'targets' | 'control' | 'controls' | 'controlOf'> {
  const { inferenceEndpoint: address, controlEndpoint: controlAddress } = config
  const { regional, env, state } = location
  const control = controlAddress ?? controlEndpoint(regions[0])
  return {
    targets: state.targets(
      JSON.stringify([address, regions, regional]),
      () => createTargets(address, regions, location),
    ),
    control,
    controls: (controlAddress || regional ? [regions[0]] : regions).map((region) => ({
      region: region.id,
      control: controlAddress ?? controlEndpoint(region),
    })),
    controlOf: (ocid) => {
      const region = controlAddress || regional
        ? undefined
        : regionNamed(ocidRegion(ocid) ?? '', regions, env)
      return region ? controlEndpoint(region) : control
    },
  }
}

/** A configured address replaces those of all regions. */
function createTargets(
  address: Addresses['inferenceEndpoint'],
  regions: Regions,
  { regional, now, env }: Location,
): RegionCache {
  const targetOf = (region: Region): Target => ({
    region: region.id,
    inference: address ?? inferenceEndpoint(region),
  })
  const [home, ...others] = regions
  return createRegionCache([targetOf(home), ...(address ? [] : others.map(targetOf))], {
    ...{ regional, now },
    targetIn: (name) => {
      const region = regional ? undefined : regionNamed(name, regions, env)
      const isNamedByOcid = !address && !regions.some(({ id }) => id === region?.id)
      return region && { ...targetOf(region), isNamedByOcid }
    },
  })
}
