import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { withFlags } from '../../src/cli/connection-flags.ts'
import { createFakeHost, FakeFiles, runCli } from './fake-host.ts'
import { CREDENTIAL } from './simulated-host.ts'

describe('withFlags()', () => {
  it('replaces variables by flags that are set', () => {
    const env = { OCI_REGION: 'us-chicago-1', PORT: '1', OTHER: 'x' }
    assert.deepEqual(withFlags(env, { region: 'eu-frankfurt-1', config: 'gw.json' }), {
      ...{ OCI_REGION: 'eu-frankfurt-1', PORT: '1', OTHER: 'x' },
      GATEWAY_CONFIG: 'gw.json',
    })
    assert.deepEqual(withFlags(env, {}), env)
  })

  it('uses a profile of a flag instead of a key in the environment', async () => {
    const files = new FakeFiles({ '/home/me/.oci/config': '[DEFAULT]\nuser=x\n' })
    for (const line of ['models --profile WORK', 'models --config-file /none/config']) {
      const { status, stderr } = await runCli(line, createFakeHost({ files, env: CREDENTIAL }))
      assert.equal(status, 78)
      assert.match(stderr, /WORK|\/none\/config/)
    }
  })
})
