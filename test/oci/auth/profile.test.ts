import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Profile } from '../../../src/oci/auth/profile.ts'
import type { Environment } from '../../../src/platform.ts'
import {
  COMPLETE,
  CONFIG,
  DEFAULT,
  FILES,
  filesWith,
  FINGERPRINT,
  FROM_ENVIRONMENT,
  KEY,
  LINES,
  loadFrom,
  LOCKED,
  PEM,
  PROFILE,
  USER,
} from './profile-fixture.ts'

type Loaded = [
  name: string,
  environment: Environment,
  files: Record<string, string>,
  changes: Partial<Profile>,
]

const loaded: Loaded[] = [
  ['A10 the DEFAULT profile of the default file', {}, FILES, {}],
  ['A10 the older default file', {}, { '/home/me/.oraclebmc/config': DEFAULT, [KEY]: PEM }, {
    source: 'profile "DEFAULT" of "/home/me/.oraclebmc/config"',
  }],
  ['A10 a file with CRLF, comments and spaces', {}, {
    ...FILES,
    [CONFIG]: `# mine\r\n${LINES.join('\r\n').replaceAll('=', ' = ')}\r\n; end`,
  }, {}],
  ['A10 a profile that inherits DEFAULT', { OCI_PROFILE: 'DEV' }, {
    ...FILES,
    [CONFIG]: `${DEFAULT}[DEV]\nregion=FRA\nuser=ocid1.user.oc1..dev`,
  }, {
    user: 'ocid1.user.oc1..dev',
    region: 'eu-frankfurt-1',
    source: `profile "DEV" of "${CONFIG}"`,
  }],
  ['OCI_PROFILE over OCI_CLI_PROFILE', { OCI_PROFILE: 'A', OCI_CLI_PROFILE: 'B' }, {
    ...FILES,
    [CONFIG]: `${DEFAULT}[A]\n[B]`,
  }, { source: `profile "A" of "${CONFIG}"` }],
  ['OCI_CLI_PROFILE', { OCI_PROFILE: '', OCI_CLI_PROFILE: 'B' }, {
    ...FILES,
    [CONFIG]: `${DEFAULT}[B]`,
  }, { source: `profile "B" of "${CONFIG}"` }],
  [
    'OCI_CONFIG_FILE before OCI_CLI_CONFIG_FILE',
    {
      OCI_CONFIG_FILE: '~/a',
      OCI_CLI_CONFIG_FILE: '/b',
    },
    { ...FILES, '/home/me/a': DEFAULT },
    { source: 'profile "DEFAULT" of "/home/me/a"' },
  ],
  ['OCI_CLI_CONFIG_FILE', { OCI_CLI_CONFIG_FILE: 'b' }, { ...FILES, b: DEFAULT }, {
    source: 'profile "DEFAULT" of "b"',
  }],
  ['A10 a relative key_file', {}, { [CONFIG]: withKeyFile('keys/k.pem'), 'keys/k.pem': PEM }, {}],
  ['A10 a key_file with ~ and a backslash', {}, {
    [CONFIG]: withKeyFile('~\\k.pem'),
    '/home/me\\k.pem': PEM,
  }, {}],
  ['A10 a key_file in the home of another user unchanged', {}, {
    [CONFIG]: withKeyFile('~you/k.pem'),
    '~you/k.pem': PEM,
  }, {}],
  ['a fingerprint in upper case without colons', {}, {
    ...FILES,
    [CONFIG]: DEFAULT.replace(FINGERPRINT, FINGERPRINT.replaceAll(':', '').toUpperCase()),
  }, {}],
  ['a passphrase', {}, {
    [KEY]: LOCKED,
    [CONFIG]: `${DEFAULT}pass_phrase=a=b # c`,
  }, { privateKey: LOCKED, passphrase: 'a=b # c' }],
  ["a passphrase under the key of Oracle's Go SDK", {}, {
    ...FILES,
    [CONFIG]: `${DEFAULT}passphrase=p`,
  }, {
    passphrase: 'p',
  }],
  ['a passphrase with spaces from the environment', { OCI_CLI_PASSPHRASE: ' p ' }, FILES, {
    passphrase: ' p ',
  }],
  ['an empty passphrase that overrides DEFAULT', { OCI_PROFILE: 'A' }, {
    ...FILES,
    [CONFIG]: `${DEFAULT}pass_phrase=p\n[A]\npass_phrase=`,
  }, { source: `profile "A" of "${CONFIG}"` }],
  ['single settings from the environment', { OCI_CLI_USER: 'ocid1.user.oc1..env' }, FILES, {
    user: 'ocid1.user.oc1..env',
  }],
  ['a key_file from the environment', { OCI_CLI_KEY_FILE: '~/other.pem' }, {
    ...FILES,
    '/home/me/other.pem': LOCKED.replaceAll('ENCRYPTED ', ''),
  }, { privateKey: LOCKED.replaceAll('ENCRYPTED ', '') }],
  [
    'key content before a key file',
    {
      OCI_CLI_KEY_CONTENT: 'the key',
      OCI_CLI_KEY_FILE: '/nowhere',
    },
    FILES,
    { privateKey: 'the key' },
  ],
  [
    'OCI_REGION before OCI_CLI_REGION and the file',
    {
      OCI_REGION: 'eu-frankfurt-1',
      OCI_CLI_REGION: 'iad',
    },
    FILES,
    { region: 'eu-frankfurt-1' },
  ],
  ['the first of several regions', { OCI_REGION: 'fra, ord' }, FILES, { region: 'eu-frankfurt-1' }],
  [
    'a complete environment without reading the file',
    COMPLETE,
    { [CONFIG]: 'garbage' },
    FROM_ENVIRONMENT,
  ],
  [
    'a complete environment with a key file',
    {
      ...COMPLETE,
      OCI_CLI_KEY_CONTENT: ' ',
      OCI_CLI_KEY_FILE: '~/.oci/key.pem',
    },
    { [CONFIG]: 'garbage', [KEY]: PEM },
    { ...FROM_ENVIRONMENT, privateKey: PEM },
  ],
  ['a profile under a DEFAULT of another kind', { OCI_PROFILE: 'A' }, {
    ...FILES,
    [CONFIG]: `${DEFAULT}security_token_file=t\n[A]\nuser=${USER}`,
  }, { source: `profile "A" of "${CONFIG}"` }],
]

describe('loadProfile()', () => {
  for (const [name, environment, texts, changes] of loaded) {
    it(`loads ${name}`, async () => {
      const profile = await loadFrom(environment, filesWith(texts))
      assert.deepEqual(profile, { ...PROFILE, ...changes })
    })
  }

  it('needs no file system when the environment is complete', async () => {
    assert.deepEqual(await loadFrom(COMPLETE, undefined), FROM_ENVIRONMENT)
  })
})

function withKeyFile(path: string): string {
  return DEFAULT.replace('~/.oci/key.pem', path)
}
