import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { FlagValues } from '../../../src/cli/connection-flags.ts'
import { localizeFix } from '../../../src/cli/doctor/localize-fix.ts'

const WINDOWS = { OS: 'Windows_NT' }
const KEY = 'export GATEWAY_API_KEYS="$(openssl rand -hex 24)"'

type Case = [name: string, fix: string, flags: FlagValues, env: object, expected: string]

const CASES: Case[] = [
  ['keeps a command', 'oci setup config', { port: '1' }, {}, 'oci setup config'],
  ['keeps a variable', 'export PORT=8051', { host: 'x' }, {}, 'export PORT=8051'],
  ['changes a flag', 'export PORT=8051', { port: '80' }, {}, 'oci-gateway doctor --port 8051'],
  [
    'keeps the other flags',
    'export OCI_REGION=us-chicago-1',
    { profile: 'MY TEAM', region: 'us-chigaco-1' },
    {},
    "oci-gateway doctor --profile 'MY TEAM' --region us-chicago-1",
  ],
  [
    'leaves out a flag instead of unsetting its variable',
    'unset GATEWAY_CONFIG',
    { config: '/nope', port: '8051' },
    {},
    // A comment would be an argument in an interactive zsh.
    'oci-gateway doctor --port 8051',
  ],
  [
    'repeats the flags after those of a command',
    'oci-gateway doctor --model xai.grok-4.3',
    { profile: 'A' },
    {},
    'oci-gateway doctor --model xai.grok-4.3 --profile A',
  ],
  [
    'gives a command no flag twice, and none that it does not have',
    'oci-gateway models --region us-chicago-1',
    { region: 'us-ashburn-1', profile: 'A', port: '8051' },
    {},
    'oci-gateway models --region us-chicago-1 --profile A',
  ],
  [
    'repeats the flags after a pause',
    'sleep 17 && oci-gateway doctor',
    { profile: 'A' },
    {},
    'sleep 17 && oci-gateway doctor --profile A',
  ],
  [
    'starts the gateway with the same flags',
    'oci-gateway serve',
    { port: '8051' },
    {},
    'oci-gateway serve --port 8051',
  ],
  [
    'keeps what no flag replaces',
    'unset OCI_GENAI_ENDPOINT',
    { port: '1' },
    {},
    'unset OCI_GENAI_ENDPOINT',
  ],
  ['sets a variable in PowerShell', 'export PORT=8051', {}, WINDOWS, "$env:PORT = '8051'"],
  [
    'keeps commands in PowerShell',
    KEY,
    {},
    WINDOWS,
    '$env:GATEWAY_API_KEYS = $(openssl rand -hex 24)',
  ],
  ['unsets in PowerShell', 'unset A B', {}, WINDOWS, 'Remove-Item Env:A, Env:B'],
]

describe('localizeFix()', () => {
  for (const [name, fix, flags, env, expected] of CASES) {
    it(name, () => {
      const place = { env: env as Record<string, string>, flags }
      assert.equal(localizeFix(fix, place), expected)
    })
  }
})
