import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { withPermissionWarnings } from '../../../src/oci/auth/permission-warnings.ts'
import type { Files, LogRecord } from '../../../src/platform.ts'

const KEY = '-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n'

type Case = [name: string, path: string, text: string, mode: number | undefined, fix?: string]

const cases: Case[] = [
  ['a key that everyone can read', '/home/me/key.pem', KEY, 0o644, 'chmod 600 /home/me/key.pem'],
  ['a key that a group can read', '/k.pem', KEY, 0o640, 'chmod 600 /k.pem'],
  ['an OCI configuration file', '/config', '[DEFAULT]\nkey_file=x', 0o604, 'chmod 600 /config'],
  ['a session token', '/token', 'eyJhbGci.x.y', 0o644, 'chmod 600 /token'],
  [
    'a configuration with client keys',
    '/my gateway.json',
    '{"access":{"apiKeys":["x"]}}',
    0o644,
    "chmod 600 '/my gateway.json'",
  ],
  ['a path with a quote', "/it's", KEY, 0o666, "chmod 600 '/it'\\''s'"],
  ['not a key that only its owner can access', '/k.pem', KEY, 0o600],
  ['not a key that only its owner can read', '/k.pem', KEY, 0o400],
  ['not a configuration without keys', '/g.json', '{"logLevel":"info"}', 0o644],
  ['not a certificate', '/ca.pem', '-----BEGIN CERTIFICATE-----', 0o644],
  ['not a file that Kubernetes mounts', '/var/run/secrets/x/token', 'eyJ', 0o644],
  ['not a system without permissions', 'C:\\key.pem', KEY, undefined],
]

describe('withPermissionWarnings()', () => {
  for (const [name, path, text, mode, fix] of cases) {
    it(`F14: warns once about ${name}`, async () => {
      const { files, lines } = open({ text, mode: () => Promise.resolve(mode) })
      for (let times = 0; times < 2; times++) assert.equal(await files.read(path), text)
      const expected = { level: 'warn', event: 'open_file_permissions', path, fix }
      const permissions = mode?.toString(8)
      assert.deepEqual(lines, fix ? [{ ...expected, mode: permissions }] : [])
    })
  }

  it('F14: reads a file whose permissions are unknown', async () => {
    const { files, lines } = open({ text: KEY, mode: () => Promise.reject(new Error('no')) })
    assert.equal(await files.read('/k'), KEY)
    assert.deepEqual(lines, [])
  })

  it('F14: does not warn about a missing file', async () => {
    const { files, lines } = open({ text: undefined, mode: () => Promise.resolve(0o777) })
    assert.equal(await files.read('/k'), undefined)
    assert.deepEqual(lines, [])
  })
})

function open({ text, mode }: { text: string | undefined; mode: Required<Files>['mode'] }) {
  const lines: LogRecord[] = []
  const base: Files = { home: '/home/me', read: () => Promise.resolve(text), mode }
  return { files: withPermissionWarnings(base, (record) => void lines.push(record)), lines }
}
