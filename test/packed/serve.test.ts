import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type FakeOci, startOci } from '../runtimes/oci.ts'
import { chat } from './chat.ts'
import { COMMANDS, start } from './run.ts'

/**
 * Most microseconds of processor time up to the first answer, so that it arrives within ten seconds.
 * Elapsed time would depend on what else the machine does.
 */
const MAX_CPU = 5_000_000

describe('the installed package', () => {
  let oci: FakeOci
  before(async () => {
    oci = await startOci()
  })
  after(() => oci.stop())

  for (const runtime of COMMANDS.keys()) {
    it(`answers with only ~/.oci/config and one command, on ${runtime}`, async () => {
      const gateway = await start(runtime, ['--port', '0'], oci)
      try {
        const [, url = ''] = await gateway.printed(/listens on (http:\S+)\/v1\n/)
        assert.deepEqual(await chat(url), { status: 200, isAnswer: true })
        assert.ok(gateway.cpu() < MAX_CPU, `${gateway.cpu() / 1e6} s of processor time`)
        await gateway.printed(/ {2}models +\d+ models\n/)
        await gateway.printed(/curl http:.+[^]*oci-genai-gateway connect codex/)
      } finally {
        await gateway.stop()
      }
    })
  }

  it('names what it looked for without a credential', async () => {
    const gateway = await start('node', [])
    try {
      assert.notEqual(await gateway.exited, 0)
      for (const part of ['.oci/config', 'OCI_CLI_USER', 'oci-gateway demo', 'oci-gateway init']) {
        assert.ok(gateway.output().includes(part), gateway.output())
      }
    } finally {
      await gateway.stop()
    }
  })
})
