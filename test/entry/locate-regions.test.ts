import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { RegionCache } from '../../src/oci/resilience/region-targets.ts'
import { locateRegions } from '../../src/entry/locate-regions.ts'
import { resolveRegion } from '../../src/oci/regions.ts'

const REGIONS = [resolveRegion('us-chicago-1'), resolveRegion('eu-frankfurt-1')] as const
const OWN_ADDRESS = new URL('https://private.example.com')

const ocidIn = (region: string, kind = 'generativeaiendpoint', realm = 'oc1') =>
  `ocid1.${kind}.${realm}.${region}.aaaaexample`

type Row = [name: string, model: string, regions: string[], control: string]
const HOME = 'generativeai.us-chicago-1.oci.oraclecloud.com'

const rows: Row[] = [
  ['a name is tried in all regions', 'a.b', ['us-chicago-1', 'eu-frankfurt-1'], HOME],
  ['a model in the first region', ocidIn('us-chicago-1', 'generativeaimodel'), [
    'us-chicago-1',
  ], HOME],
  ['an endpoint in the second region', ocidIn('eu-frankfurt-1'), [
    'eu-frankfurt-1',
  ], 'generativeai.eu-frankfurt-1.oci.oraclecloud.com'],
  ['a routing profile with a short code', ocidIn('iad', 'generativeairoutingprofile'), [
    'us-ashburn-1',
  ], 'generativeai.us-ashburn-1.oci.oraclecloud.com'],
  ['an imported model elsewhere', ocidIn('sa-saopaulo-1', 'generativeaiimportedmodel'), [
    'sa-saopaulo-1',
  ], 'generativeai.sa-saopaulo-1.oci.oraclecloud.com'],
  ['a region of another realm', ocidIn('eu-frankfurt-2'), ['us-chicago-1'], HOME],
  ['an unknown region', ocidIn('us-atlantis-1'), ['us-chicago-1'], HOME],
  ['a region that is no label of a host', ocidIn('xn--a'), ['us-chicago-1'], HOME],
  ['no region', ocidIn(''), ['us-chicago-1'], HOME],
]

describe('locateRegions()', () => {
  for (const [name, model, regions, control] of rows) {
    it(`sends ${name} to ${regions.join(', ')}`, () => {
      const located = locate({})
      assert.deepEqual(located.targets.of(model).map(({ region }) => region), regions)
      const hosts = located.targets.of(model).map(({ inference }) => inference.hostname)
      assert.deepEqual(
        hosts,
        regions.map((region) => `inference.generativeai.${region}.oci.oraclecloud.com`),
      )
      assert.equal(located.controlOf?.(model).hostname, control)
    })
  }

  it('knows a region that OCI_REGION_METADATA declares', () => {
    const env = {
      OCI_REGION_METADATA: JSON.stringify({
        ...{ realmKey: 'oc1', realmDomainComponent: 'oraclecloud.com' },
        ...{ regionKey: 'atl', regionIdentifier: 'us-atlantis-1' },
      }),
    }
    const [target] = locate({ env }).targets.of(ocidIn('atl'))
    assert.equal(target.region, 'us-atlantis-1')
  })

  it('calls configured addresses only', () => {
    const { targets, controlOf } = locate({ address: OWN_ADDRESS })
    const [target, ...others] = targets.of(ocidIn('iad'))
    assert.deepEqual([target.inference.href, others.length], [OWN_ADDRESS.href, 0])
    assert.equal(controlOf?.(ocidIn('iad')).href, OWN_ADDRESS.href)
  })

  it('sends a key that is valid in one region to no other', () => {
    const { targets, controlOf } = locate({ regional: true })
    assert.deepEqual(targets.of(ocidIn('iad')).map(({ region }) => region), ['us-chicago-1'])
    assert.equal(controlOf?.(ocidIn('iad')).hostname, HOME)
  })
})

function locate(
  { regional = false, env = {}, address }: {
    regional?: boolean
    env?: Record<string, string>
    address?: URL
  },
) {
  const config = { inferenceEndpoint: address, controlEndpoint: address }
  const state = { targets: (_key: string, create: () => RegionCache) => create() }
  return locateRegions(config, REGIONS, { regional, now: () => 0, env, state })
}
