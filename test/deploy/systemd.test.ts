import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { DEFAULT_LIMITS } from '../../src/limits.ts'
import { missing, ROOT, run } from './programs.ts'

const UNIT = 'deploy/systemd/oci-gateway.service'
/** Of 10; below 2 systemd names it OK. */
const MAX_EXPOSURE = 1.5

const text = await readFile(join(ROOT, UNIT), 'utf8')
const skip = await missing('systemd-analyze')

describe(UNIT, () => {
  it('waits longer than the gateway needs to drain', () => {
    const seconds = Number(/^TimeoutStopSec=(\d+)$/m.exec(text)?.[1])
    assert.ok(seconds > DEFAULT_LIMITS.shutdownGrace / 1000 + 6)
  })

  it('keeps the API keys out of the environment and of the unit', () => {
    assert.match(text, /^LoadCredential=keys:/m)
    assert.match(text, /^Environment=GATEWAY_API_KEYS=file:%d\/keys$/m)
  })

  it('is accepted by systemd', { skip }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'unit-'))
    const unit = join(folder, 'oci-gateway.service')
    // The program is not installed here.
    await writeFile(unit, text.replace(/^ExecStart=.*$/m, 'ExecStart=/bin/true'))
    const { status, stderr } = await run('systemd-analyze', ['verify', unit])
    await rm(folder, { recursive: true, force: true })
    assert.deepEqual({ status, stderr }, { status: 0, stderr: '' })
  })

  it(`has an exposure level of at most ${MAX_EXPOSURE}`, { skip }, async (t) => {
    const { stdout } = await run('systemd-analyze', ['security', '--offline=true', UNIT])
    const level = Number(/Overall exposure level for \S+: (\d+\.\d+)/.exec(stdout)?.[1])
    t.diagnostic(`exposure level: ${level}`)
    assert.ok(level <= MAX_EXPOSURE, stdout)
  })
})
