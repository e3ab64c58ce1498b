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
