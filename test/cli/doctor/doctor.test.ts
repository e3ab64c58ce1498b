import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ReportedCheck } from '../../../src/cli/doctor/result.ts'
import { runCli } from '../fake-host.ts'
import { FAULTS } from './faults.ts'
import { createWorld, hostOf, type World } from './world.ts'

interface Outcome {
  status: number
  ok: boolean
  checks: readonly ReportedCheck[]
}

const ENDPOINT = 'http://127.0.0.1:4010'

/** Faults for which other regions and the identity service are called without these endpoints. */
const CALLING_FAULTS = [
  ...['key-not-uploaded', 'policy-missing-in-compartment', 'policy-or-compartment'],
  ...['alias-misspelled', 'bearer-key-unknown'],
]

function originsOf({ calls }: World): string[] {
  return [...new Set(calls.map((url) => new URL(url).origin))]
}

async function diagnose(world: World, flags = ''): Promise<Outcome> {
  const { status, stdout, stderr } = await runCli(`doctor --json ${flags}`, hostOf(world))
  assert.equal(stderr, '')
  return { status, ...JSON.parse(stdout) as Pick<Outcome, 'ok' | 'checks'> }
}

describe('doctor', () => {
  it('finds nothing wrong with a healthy machine', async () => {
    const world = await createWorld()
    const { status, ok, checks } = await diagnose(world)
    const problems = checks.filter((check) => check.status === 'fail' || check.status === 'warn')
    assert.deepEqual(problems, [])
    assert.deepEqual({ status, ok }, { status: 0, ok: true })
    assert.ok(checks.filter((check) => check.status === 'ok').length >= 18)
  })

  it('needs only an inference endpoint', async () => {
    const world = await createWorld()
    world.env['OCI_GENAI_ENDPOINT'] = ENDPOINT
    const { ok, checks } = await diagnose(world)
    assert.deepEqual(checks.filter(({ cause }) => cause !== null), [])
    assert.equal(ok, true)
    assert.equal(checks.find(({ id }) => id === 'chat')?.status, 'ok')
    assert.deepEqual(originsOf(world), [ENDPOINT])
  })

  for (const id of CALLING_FAULTS) {
    it(`calls only configured endpoints to find ${id}`, async () => {
      const world = await createWorld()
      await FAULTS.find((fault) => fault.id === id)?.arrange(world)
      world.env['OCI_GENAI_ENDPOINT'] = ENDPOINT
      world.env['OCI_GENAI_CONTROL_ENDPOINT'] = ENDPOINT
      const { ok } = await diagnose(world)
      assert.equal(ok, false)
      assert.deepEqual(originsOf(world), [ENDPOINT])
    })
  }

  for (const fault of FAULTS) {
    const { id, flags, check: expected, status = 'fail', cause, wrong, forbidden } = fault
    it(`names the cause of ${id} first`, async () => {
      const world = await createWorld()
      await fault.arrange(world)
      const outcome = await diagnose(world, flags)
      const first = outcome.checks.find((check) => check.status === 'fail') ??
        outcome.checks.find((check) => check.status === 'warn')
      const values = { fingerprint: world.identity.fingerprint }
      const seen = {
        check: first?.id,
        status: first?.status,
        reason: first?.reason,
        fix: first?.fix,
      }
      const fix = fault.fix.replace('{fingerprint}', values.fingerprint)
      assert.deepEqual(seen, { check: expected, status, reason: cause, fix }, first?.cause ?? '')
      const part = wrong.replace('{fingerprint}', values.fingerprint)
      assert.ok(first?.cause?.includes(part), `${first?.cause} has no "${part}"`)
      assert.equal(outcome.ok, status === 'warn')
      assert.equal(outcome.status, status === 'warn' ? 0 : 1)
      for (const { id: where, fix: text } of outcome.checks) {
        const found = forbidden.find((word) => text?.includes(word) && text !== fix)
        assert.equal(found, undefined, `${where} has the fix ${text}`)
      }
    })
  }
})
