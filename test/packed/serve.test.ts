import assert from 'node:assert/strict'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { after, before, describe, it } from 'node:test'
import { workerdCommand } from '../../bench/workerd.ts'
import { environmentOf } from '../../src/simulator/identity.ts'
import { type FakeOci, startOci } from '../runtimes/oci.ts'
import { chat } from './chat.ts'
import { BIN, install } from './install.ts'
import { COMMANDS, launch, start } from './run.ts'

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
        // Nothing that a runtime prints alarms a new user.
        assert.doesNotMatch(gateway.output(), /warn|deprecat|legacy/i)
      } finally {
        await gateway.stop()
      }
    })
  }

  it('answers as a Worker of one file', async () => {
    const { folder } = await install()
    const temporary = await mkdtemp(join(tmpdir(), 'worker-'))
    const { identity, url: address } = oci
    const bindings = {
      ...environmentOf(identity),
      ...{ OCI_GENAI_ENDPOINT: address, GATEWAY_API_KEYS: 'key-1' },
    }
    const bundle = join(folder, 'dist/workers.js')
    const [program = '', ...args] = await workerdCommand(bundle, 0, bindings, temporary)
    const place = { cwd: folder, env: { PATH: process.env['PATH'] ?? '' } }
    const command = [join(BIN, program), ...args, '--control-fd=1']
    const worker = launch(command, place, temporary)
    try {
      const [, port = ''] = await worker.printed(/"event":"listen".*"port":(\d+)/)
      const answer = await chat(`http://127.0.0.1:${port}`, 'key-1')
      assert.deepEqual(answer, { status: 200, isAnswer: true })
    } finally {
      await worker.stop()
    }
  })

  it('names what it looked for without a credential', async () => {
    const gateway = await start('node', [])
    try {
      assert.notEqual(await gateway.exited, 0)
      for (
        const part of [
          '.oci/config',
          'OCI_CLI_USER',
          'oci-genai-gateway demo',
          'oci-genai-gateway init',
        ]
      ) {
        assert.ok(gateway.output().includes(part), gateway.output())
      }
    } finally {
      await gateway.stop()
    }
  })
})
