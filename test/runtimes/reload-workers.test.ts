import assert from 'node:assert/strict'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { launch, type Running } from '../packed/run.ts'
import { configurationText, createConfigurationFile, KEYS } from '../reload/configurations.ts'
import { statusWith } from '../reload/load.ts'
import { startOci } from './oci.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const MAIN = 'src/cli/main.ts'
const COMMANDS = {
  node: ['node', MAIN],
  bun: ['bun', MAIN],
  deno: ['deno', 'run', '-A', '--node-modules-dir=manual', MAIN],
} as const

/** Requests after a change: each worker gets some of them. */
const REQUESTS = 16

describe('serve --workers', { skip: process.platform !== 'linux' && 'it needs Linux' }, () => {
  for (const [runtime, [program, ...args]] of Object.entries(COMMANDS)) {
    it(`reloads all workers on SIGHUP and when the file changes, on ${runtime}`, async () => {
      const oci = await startOci(0)
      const file = await createConfigurationFile(configurationText('a'))
      const { tenancy, user, fingerprint, privateKey } = oci.identity
      const env = {
        ...{ PATH: process.env['PATH'] ?? '', GATEWAY_CONFIG: file.path },
        ...{ OCI_CLI_TENANCY: tenancy, OCI_CLI_USER: user, OCI_CLI_FINGERPRINT: fingerprint },
        ...{ OCI_CLI_KEY_CONTENT: privateKey, OCI_CLI_REGION: 'us-chicago-1' },
        ...{ OCI_GENAI_ENDPOINT: oci.url, OCI_GENAI_CONTROL_ENDPOINT: oci.url },
      }
      const command = [join(root, 'node_modules/.bin', program), ...args, 'serve']
      const gateway = launch(
        [...command, '--workers', '2', '--port', '0'],
        { cwd: root, env },
        await mkdtemp(join(tmpdir(), 'reload-workers-')),
      )
      try {
        const [, url = ''] = await gateway.printed(/listens on (http:\S+)\/v1\n/)
        assert.deepEqual(await statuses(url), [200, 401])
        await file.replace(configurationText('b'))
        await reloaded(gateway, 1)
        assert.deepEqual(await statuses(url), [401, 200])
        // To the process group, as a terminal sends it: the workers do not end.
        process.kill(-gateway.pid, 'SIGHUP')
        await reloaded(gateway, 2)
        await file.replace('{ "prot": 1 }')
        await gateway.printed(/config_not_reloaded/)
        assert.deepEqual(await statuses(url), [401, 200])
        // After another reload, all processes have reported the one that failed.
        await file.replace(configurationText('a'))
        await reloaded(gateway, 3)
        assert.equal(gateway.output().match(/config_not_reloaded/g)?.length, 1)
        assert.doesNotMatch(gateway.output(), /worker_exited/)
      } finally {
        await gateway.stop()
        oci.stop()
        await file.remove()
      }
    })
  }
})

/** The process that supervises and its two workers write a line each. */
async function reloaded(gateway: Running, times: number): Promise<void> {
  await gateway.printed(new RegExp(`("config_reloaded"[^]*){${3 * times}}`))
}

/** The statuses of many requests with each key, which must be the same for all workers. */
async function statuses(url: string): Promise<number[]> {
  const asked = [KEYS.a, KEYS.b].map(async (key) => {
    const all = Array.from({ length: REQUESTS }, () => statusWith({ url }, key))
    return [...new Set(await Promise.all(all))]
  })
  return (await Promise.all(asked)).flat()
}
