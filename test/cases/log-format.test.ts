import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openGateway } from '../../src/entry/gateway.ts'
import keys from '../vectors/keys.json' with { type: 'json' }
import { TENANCY, USER } from './gateway.ts'

const { pkcs8Pem, fingerprint } = keys.keys.rsa2048
const ENV = {
  ...{ OCI_CLI_TENANCY: TENANCY, OCI_CLI_USER: USER, OCI_CLI_FINGERPRINT: fingerprint },
  ...{ OCI_CLI_KEY_CONTENT: pkcs8Pem, OCI_CLI_REGION: 'us-chicago-1' },
  GATEWAY_API_KEYS: 'a-key-of-sixteen-letters',
}

/** The line of a request that is sent with the key. */
async function logLine(env: Record<string, string>, terminal?: { hasColors: boolean }) {
  const lines: string[] = []
  const { app } = await openGateway({
    env: { ...ENV, ...env },
    files: undefined,
    write: (line) => lines.push(line),
    terminal,
    fetch: () => Promise.reject(new Error('no network')),
  })
  const headers = { authorization: `Bearer ${ENV.GATEWAY_API_KEYS}` }
  await (await app.request('/v1/none', { headers })).text()
  return lines.at(-1) ?? ''
}

const JSON_LINE = /^\{"time":".*"event":"request",.*"key":"[0-9a-f]{16}",.*\}$/
const TEXT_LINE = /^\d\d:\d\d:\d\d 404 GET \/v1\/none .*, key [0-9a-f]{16}/
const ESCAPE = '\x1b\\['
const COLORED_LINE = new RegExp(
  `^${ESCAPE}2m[\\d:]{8}${ESCAPE}0m ${ESCAPE}33m404${ESCAPE}0m GET`,
)

const rows: [
  env: Record<string, string>,
  terminal: { hasColors: boolean } | undefined,
  line: RegExp,
][] = [
  [{}, undefined, JSON_LINE],
  [{}, { hasColors: true }, COLORED_LINE],
  [{}, { hasColors: false }, TEXT_LINE],
  [{ LOG_FORMAT: 'text' }, undefined, TEXT_LINE],
  [{ LOG_FORMAT: 'json' }, { hasColors: true }, JSON_LINE],
]

describe('the format of the log', () => {
  for (const [env, terminal, line] of rows) {
    const output = terminal ? `a terminal, colors ${terminal.hasColors}` : 'a pipe'
    it(`is ${line} with LOG_FORMAT ${env['LOG_FORMAT'] ?? 'not set'} on ${output}`, async () => {
      assert.match(await logLine(env, terminal), line)
    })
  }
})
