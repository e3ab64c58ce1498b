import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { localizeFix } from '../../../src/cli/doctor/localize-fix.ts'

const WINDOWS = { OS: 'Windows_NT' }
const KEY = 'export GATEWAY_API_KEYS="$(openssl rand -hex 24)"'

type Case = [name: string, fix: string, replaced: string[], env: object, expected: string]

const CASES: Case[] = [
  ['keeps a command', 'oci setup config', ['PORT'], {}, 'oci setup config'],
  ['keeps a variable', 'export PORT=8051', ['HOST'], {}, 'export PORT=8051'],
  ['changes a flag', 'export PORT=8051', ['PORT'], {}, 'oci-gateway doctor --port 8051'],
  [
    'leaves out a flag instead of unsetting its variable',
    'unset GATEWAY_CONFIG',
    ['GATEWAY_CONFIG'],
    {},
    'oci-gateway doctor  # without --config',
  ],
  [
    'keeps what no flag replaces',
    'unset OCI_GENAI_ENDPOINT',
    ['PORT'],
    {},
    'unset OCI_GENAI_ENDPOINT',
  ],
  // --profile removes the variables of a key, which have no flags.
  [
    'keeps a variable without a flag',
    'export OCI_CLI_KEY_FILE=/k.pem',
    ['OCI_CLI_KEY_FILE'],
    {},
    'export OCI_CLI_KEY_FILE=/k.pem',
  ],
  ['sets a variable in PowerShell', 'export PORT=8051', [], WINDOWS, "$env:PORT = '8051'"],
  [
    'keeps commands in PowerShell',
    KEY,
    [],
    WINDOWS,
    '$env:GATEWAY_API_KEYS = $(openssl rand -hex 24)',
  ],
  ['unsets in PowerShell', 'unset A B', [], WINDOWS, 'Remove-Item Env:A, Env:B'],
]

describe('localizeFix()', () => {
  for (const [name, fix, replaced, env, expected] of CASES) {
    it(name, () => {
      const place = { env: env as Record<string, string>, replaced: new Set(replaced) }
      assert.equal(localizeFix(fix, place), expected)
    })
  }
})
