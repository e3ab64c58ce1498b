import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { parseEnv } from 'node:util'
import { ROOT } from './programs.ts'

const read = (path: string) => readFile(join(ROOT, path), 'utf8')

describe('the deployment to Workers', () => {
  it('asks for secrets without an example that would be accepted', async () => {
    const secrets = parseEnv(await read('.dev.vars.example'))
    assert.ok('GATEWAY_API_KEYS' in secrets && 'OCI_CLI_KEY_CONTENT' in secrets)
    assert.deepEqual(Object.values(secrets).filter((value) => value !== ''), [])
  })

  it('has the same compatibility date with and without a store', async () => {
    const [plain, stored] = await Promise.all(
      ['wrangler.toml', 'deploy/workers/wrangler.toml'].map(read),
    )
    const setting = /^compatibility_(date|flags) = .*$/gm
    assert.deepEqual(stored?.match(setting), plain?.match(setting))
    assert.match(stored ?? '', /^new_sqlite_classes = \["GatewayStore"\]$/m)
  })
})
