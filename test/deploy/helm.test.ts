import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { CHART, helmTemplate, kustomize, type Manifest } from './manifests.ts'
import { checkManifests } from './pod-checks.ts'
import { missing, run } from './programs.ts'

/** The placeholder of the overlays. */
const IMAGE = 'image.repository=ghcr.io/OWNER/oci-genai-gateway'
const WORKLOAD = ['oci.auth=oke_workload_identity', 'oci.region=us-chicago-1']
const COMPARTMENT = 'oci.compartmentId=ocid1.compartment.oc1..example'
const STORE = ['secret.store=store', 'secret.adminKey=admin-key']

/** The overlay that has the same objects, and the values of the chart. */
const TWINS: readonly (readonly [folder: string, values: readonly string[]])[] = [
  ['base', []],
  ['overlays/oke-workload-identity', [...WORKLOAD, COMPARTMENT]],
  ['overlays/redis-postgres', [
    ...[...WORKLOAD, COMPARTMENT, ...STORE, 'secret.counters=counters'],
    ...['serviceMonitor.enabled=true', 'autoscaling.concurrentRequests=200'],
    'networkPolicy.egressPorts={6379,5432}',
  ]],
  ['overlays/sqlite-single', [
    ...[...WORKLOAD, COMPARTMENT, 'sqlite.enabled=true', 'secret.adminKey=admin-key'],
  ]],
]

const WRONG: readonly (readonly [value: string, message: RegExp])[] = [
  ['secret.apikeys=a', /additional properties 'apikeys' not allowed/],
  ['replicas=0', /minimum/],
  ['oci.auth=oke', /value must be one of/],
  ['image.digest=latest', /does not match pattern/],
  ['secret.apiKeys=', /Set secret.apiKeys, or a store/],
  ['image.repository=', /Set image.repository to your image/],
]

const skip = await missing('helm') || await missing('kubectl')

describe('deploy/helm/oci-gateway', { skip }, () => {
  it('passes helm lint', async () => {
    const { status, stdout } = await run('helm', ['lint', '--strict', CHART, '--set', IMAGE])
    assert.equal(status, 0, stdout)
  })

  for (const [folder, values] of TWINS) {
    it(`has the objects of ${folder}: ${values.join(' ') || 'without values'}`, async () => {
      const rendered = await helmTemplate(...flagsOf([IMAGE, ...values]))
      await checkManifests(rendered)
      const expected = (await kustomize(folder)).filter(({ kind }) => kind !== 'Namespace')
      assert.deepEqual(rendered.map(normalized), expected.map(normalized))
    })
  }

  for (const [value, message] of WRONG) {
    it(`rejects ${value}`, async () => {
      const { status, stderr } = await run('helm', [
        ...['template', 'oci-gateway', CHART, ...flagsOf([IMAGE, value])],
      ])
      assert.notEqual(status, 0)
      assert.match(stderr, message)
    })
  }

  it('rejects two stores', async () => {
    const flags = flagsOf([IMAGE, 'sqlite.enabled=true', 'secret.store=store'])
    const { stderr } = await run('helm', ['template', 'oci-gateway', CHART, ...flags])
    assert.match(stderr, /Set either sqlite.enabled or secret.store/)
  })
})

function flagsOf(values: readonly string[]): string[] {
  return values.flatMap((value) => ['--set', value])
}

/** Without the namespace, the labels of the chart and the order of lists with names. */
function normalized({ metadata, ...rest }: Manifest): unknown {
  const { namespace: _, ...others } = metadata
  return withoutChart({ metadata: others, ...rest })
}

const CHART_LABELS = /^(helm\.sh\/chart|app\.kubernetes\.io\/(managed-by|version))$/

function withoutChart(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(withoutChart)
    return items.every(isNamed) ? items.sort((a, b) => a.name.localeCompare(b.name)) : items
  }
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).filter(([name]) => !CHART_LABELS.test(name))
  return Object.fromEntries(members.map(([name, member]) => [name, withoutChart(member)]))
}

function isNamed(value: unknown): value is { name: string } {
  return typeof value === 'object' && value !== null && 'name' in value &&
    typeof value.name === 'string'
}
