import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { describe, it } from 'node:test'
import { containerOf, find, kustomize, type Manifest, podOf, validate } from './manifests.ts'
import { checkManifests } from './pod-checks.ts'
import { missing, ROOT } from './programs.ts'

const BASE = [
  ...['ConfigMap', 'Deployment', 'HorizontalPodAutoscaler', 'NetworkPolicy'],
  ...['PodDisruptionBudget', 'Service', 'ServiceAccount'],
]

const OVERLAYS: readonly (readonly [folder: string, kinds: readonly string[]])[] = [
  ['base', BASE],
  ['overlays/oke-workload-identity', [...BASE, 'Namespace']],
  ['overlays/redis-postgres', [...BASE, 'Namespace', 'ServiceMonitor']],
  ['overlays/sqlite-single', [
    ...BASE.filter((kind) => !/Autoscaler|Budget/.test(kind)),
    ...['Namespace', 'PersistentVolumeClaim'],
  ]],
]

const skip = await missing('kubectl')

describe('deploy/kubernetes', { skip }, () => {
  for (const [folder, kinds] of OVERLAYS) {
    it(`${folder} is valid, restricted, and has its objects`, async () => {
      const manifests = await kustomize(folder)
      await checkManifests(manifests)
      assert.deepEqual(manifests.map(({ kind }) => kind).sort(), kinds.toSorted())
    })
  }

  it('has the version of the package as the tag of the image', async () => {
    const { version } = JSON.parse(await readFile(`${ROOT}package.json`, 'utf8')) as {
      version: string
    }
    assert.ok(containerOf(await kustomize('base')).image.endsWith(`:${version}`))
  })

  it('gives a token of the service account only to the workload identity', async () => {
    assert.equal(podOf(await kustomize('base')).automountServiceAccountToken, false)
    const manifests = await kustomize('overlays/oke-workload-identity')
    assert.equal(podOf(manifests).automountServiceAccountToken, true)
    assert.equal(valueOf(manifests, 'OCI_AUTH'), 'oke_workload_identity')
  })

  it('has keys in the store, if there is one', async () => {
    const stored: readonly (readonly [string, string])[] = [
      ['overlays/redis-postgres', 'file:/run/secrets/gateway/store'],
      ['overlays/sqlite-single', 'sqlite:/data/gateway.db'],
    ]
    for (const [folder, store] of stored) {
      const manifests = await kustomize(folder)
      assert.equal(valueOf(manifests, 'GATEWAY_STORE'), store)
      assert.equal(valueOf(manifests, 'GATEWAY_API_KEYS'), undefined)
      assert.match(valueOf(manifests, 'GATEWAY_ADMIN_KEY') ?? '', /^file:/)
    }
  })

  it('never runs two pods with one file of SQLite', async () => {
    const { spec } = find(await kustomize('overlays/sqlite-single'), 'Deployment')
    assert.deepEqual([spec['replicas'], spec['strategy']], [1, { type: 'Recreate' }])
  })

  // The schemas of Kubernetes accept unknown members, so that a misspelled one is not found.
  it('rejects an object with a wrong member', async () => {
    const budget = find(await kustomize('base'), 'PodDisruptionBudget')
    const wrong: readonly Record<string, unknown>[] = [
      { ...budget.spec, maxUnavailable: true },
      { ...budget.spec, unhealthyPodEvictionPolicy: 'Sometimes' },
    ]
    for (const spec of wrong) {
      const manifest: Manifest = { ...budget, spec }
      await assert.rejects(() => validate(manifest), JSON.stringify(spec))
    }
  })
})

function valueOf(manifests: readonly Manifest[], variable: string): string | undefined {
  return containerOf(manifests).env.find(({ name }) => name === variable)?.value
}
