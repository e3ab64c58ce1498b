import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openGateway } from '../../src/entry/gateway.ts'
import keys from '../vectors/keys.json' with { type: 'json' }
import { TENANCY, USER } from './gateway.ts'

const { pkcs8Pem, fingerprint } = keys.keys.rsa2048
const TEXTS = new Map([
  ['/gateway.json', '{"access":{"apiKeys":["a-key-of-sixteen-letters"]}}'],
  [
    '/oci/config',
    `[DEFAULT]\ntenancy=${TENANCY}\nuser=${USER}\nfingerprint=${fingerprint}\n` +
    'region=us-chicago-1\nkey_file=~/key.pem\n',
  ],
  ['/home/me/key.pem', pkcs8Pem],
])

describe('F14: credential files that other users can read', () => {
  for (const [mode, paths] of [[0o644, [...TEXTS.keys()]], [0o600, []]] as const) {
    it(`F14: are reported at start-up with mode ${mode.toString(8)}: ${paths.length}`, async () => {
      const lines: string[] = []
      await openGateway({
        env: { OCI_CONFIG_FILE: '/oci/config', GATEWAY_CONFIG: '/gateway.json' },
        files: {
          home: '/home/me',
          read: (path) => Promise.resolve(TEXTS.get(path)),
          mode: () => Promise.resolve(mode),
        },
        write: (line) => lines.push(line),
        fetch: () => Promise.reject(new Error('no network')),
      })
      const warnings = lines.map((line) => JSON.parse(line))
        .filter(({ event }) => event === 'open_file_permissions')
      assert.deepEqual(warnings.map(({ path }) => path), paths)
      assert.deepEqual(warnings.map(({ fix }) => fix), paths.map((path) => `chmod 600 ${path}`))
    })
  }
})
