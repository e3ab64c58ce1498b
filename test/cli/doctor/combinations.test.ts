import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ReportedCheck } from '../../../src/cli/doctor/result.ts'
import keys from '../../vectors/keys.json' with { type: 'json' }
import { runCli } from '../fake-host.ts'
import { FAULTS } from './faults.ts'
import { createWorld, hostOf, KEY, type World } from './world.ts'

/** Two faults at once, and the first problem that doctor reports. */
interface Combination {
  faults: readonly [string, string]
  check: string
  /** The cause, and its fix if it is not that of the fault with this cause. */
  cause: string
  fix?: string
  /** Texts that no fix may contain: they would be wrong while the other fault exists. */
  forbidden: readonly string[]
}

const LOGIN = ['oci session', 'oci setup']
const UNSET_PROXY = ['unset HTTPS_PROXY']

const UNCONFIRMED = {
  ...{ check: 'fingerprint', cause: 'fingerprint_unconfirmed' },
  fix: `fingerprint=${keys.keys.rsa2048.fingerprint}`,
}

const COMBINATIONS: readonly Combination[] = [
  // Whether a proxy is used is unknown as long as the addresses of OCI are.
  ...['config-syntax', 'port-invalid', 'no-credentials', 'profile-missing', 'auth-misspelled']
    .map((id): Combination => ({
      faults: ['proxy-wrong', id],
      ...{ ...firstOf(id), forbidden: UNSET_PROXY },
    })),
  // Only OCI's clock shows whether a session has expired.
  ...['config-syntax', 'dns', 'connection-refused', 'proxy-down', 'captive-portal']
    .map((id): Combination => ({
      faults: ['clock-and-session', id],
      ...{ ...firstOf(id), forbidden: LOGIN },
    })),
  // A key file on the machine shows which of two keys is the configured one, without OCI.
  ...['dns', 'connection-refused', 'unknown-authority', 'captive-portal']
    .map((id): Combination => ({
      faults: ['other-key', id],
      ...{ check: 'fingerprint', cause: 'key_file_of_other_key', fix: `key_file=${KEY}` },
      forbidden: ['fingerprint='],
    })),
  // Otherwise it may be the key that is wrong.
  ...['dns', 'config-syntax'].map((id): Combination => ({
    faults: ['other-key-only', id],
    ...id === 'dns' ? UNCONFIRMED : firstOf(id),
    forbidden: [],
  })),
  {
    // The region rejects every key of the tenancy, others accept this one.
    faults: ['region-not-subscribed', 'fingerprint-wrong'],
    ...{ check: 'fingerprint', cause: 'fingerprint_mismatch', forbidden: ['key_file='] },
  },
  {
    faults: ['policy-missing', 'compartment-of-a-user'],
    ...{ ...firstOf('compartment-of-a-user'), forbidden: ['compartment id ocid1.user'] },
  },
  // Without the list, the call of a model shows whether a policy is missing: this one does not.
  ...['rate-limited', 'service-failing'].map((id): Combination => ({
    faults: ['list-not-allowed', id],
    ...{ ...firstOf(id), check: 'authorization', forbidden: ['Allow '] },
  })),
  {
    // The gateway does not correct its clock by so little.
    faults: ['session-ending', 'clock-drift'],
    ...{ check: 'token', cause: 'session_expired', forbidden: ['oci setup'] },
    fix: 'oci session authenticate --profile-name DEFAULT --region us-chicago-1',
  },
]

function faultOf(id: string): typeof FAULTS[number] {
  const fault = FAULTS.find((known) => known.id === id)
  assert.ok(fault, id)
  return fault
}

/** A fault that doctor reports first, whatever the other one is. */
function firstOf(id: string): Pick<Combination, 'check' | 'cause' | 'fix'> {
  const { check, cause, fix } = faultOf(id)
  return { check, cause, fix }
}

/** Arranges one fault after the other, so that the calls that the first one answers stay answered. */
async function arrange(world: World, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    const { intercept, connection } = world
    await faultOf(id).arrange(world)
    const own = { intercept: world.intercept, connection: world.connection }
    world.intercept = (url, init) => intercept(url, init) ?? own.intercept(url, init)
    world.connection = (target) => connection(target) ?? own.connection(target)
  }
}

async function diagnose(world: World): Promise<readonly ReportedCheck[]> {
  const { stdout, stderr } = await runCli('doctor --json', hostOf(world))
  assert.equal(stderr, '')
  return (JSON.parse(stdout) as { checks: ReportedCheck[] }).checks
}

describe('doctor with two faults', () => {
  for (const { faults, check, cause, fix, forbidden } of COMBINATIONS) {
    it(`names ${cause} first with ${faults.join(' and ')}`, async () => {
      const world = await createWorld()
      await arrange(world, faults)
      const checks = await diagnose(world)
      const first = checks.find(({ status }) => status === 'fail')
      const expected = fix ?? faultOf(faults[1]).fix
      assert.deepEqual(
        [first?.id, first?.reason, first?.fix],
        [check, cause, expected.replace('{fingerprint}', world.identity.fingerprint)],
      )
      for (const { id, fix: text } of checks) {
        const found = forbidden.find((part) => text?.includes(part))
        assert.equal(found, undefined, `${id} has the fix ${text}`)
      }
    })
  }
})
