import assert from 'node:assert/strict'
import { checkConfig } from '../../src/config/check.ts'
import { containerOf, find, type Manifest, podOf, validate } from './manifests.ts'

/** Seconds that the gateway may need after the grace period, to write to the store and to end. */
const CLOSE_SECONDS = 6

/** Variables whose values are secret, so that they are references. */
const SECRET = /KEYS?$|STORE$|COUNTERS$|PASSPHRASE$|CONTENT$|SECRET$/

/** Throws unless rendered manifests are valid, safe and agree with each other. */
export async function checkManifests(manifests: readonly Manifest[]): Promise<void> {
  for (const manifest of manifests) await validate(manifest)
  checkSecurity(manifests)
  checkConfiguration(manifests)
  checkSelectors(manifests)
}

/** Checks the security standard "restricted", and that no secret is in the manifests. */
function checkSecurity(manifests: readonly Manifest[]): void {
  const { securityContext } = podOf(manifests)
  assert.equal(securityContext.runAsNonRoot, true)
  assert.equal(securityContext.seccompProfile.type, 'RuntimeDefault')
  const container = containerOf(manifests)
  assert.equal(container.securityContext.allowPrivilegeEscalation, false)
  assert.equal(container.securityContext.readOnlyRootFilesystem, true)
  assert.deepEqual(container.securityContext.capabilities, { drop: ['ALL'] })
  for (const { name, value } of container.env) {
    if (!SECRET.test(name) || value === undefined) continue
    assert.match(value, /^(file:\/run\/secrets\/gateway\/.+|sqlite:\/data\/.+)$/, name)
  }
  assert.ok(!manifests.some(({ kind }) => kind === 'Secret'), 'secrets exist already')
}

/** Checks the configuration file, and that the pod has the time that it configures. */
function checkConfiguration(manifests: readonly Manifest[]): void {
  const text = find(manifests, 'ConfigMap').data?.['gateway.config.jsonc'] ?? ''
  const checked = checkConfig({}, { name: 'gateway.config.jsonc', text })
  assert.equal(checked.type, 'valid', JSON.stringify(checked))
  const grace = Number(/"shutdownGraceSeconds":\s*(\d+)/.exec(text)?.[1])
  const { preStop } = containerOf(manifests).lifecycle
  const needed = preStop.sleep.seconds + grace + CLOSE_SECONDS
  assert.ok(podOf(manifests).terminationGracePeriodSeconds >= needed, `at least ${needed} s`)
}

/** Checks that every selector selects the pods of the Deployment. */
function checkSelectors(manifests: readonly Manifest[]): void {
  const { template } = find(manifests, 'Deployment').spec as {
    template: { metadata: { labels: Record<string, string> } }
  }
  const { labels } = template.metadata
  for (const { kind, spec } of manifests) {
    for (const selector of selectorsOf(spec ?? {})) {
      for (const [name, value] of Object.entries(selector)) {
        assert.equal(labels[name], value, `${kind}: ${name}`)
      }
    }
  }
}

function selectorsOf(spec: Record<string, unknown>): Record<string, string>[] {
  const { selector = {}, podSelector = {} } = spec as {
    selector?: Record<string, string> & { matchLabels?: Record<string, string> }
    podSelector?: { matchLabels?: Record<string, string> }
  }
  return [selector.matchLabels ?? selector, podSelector.matchLabels ?? {}]
}
