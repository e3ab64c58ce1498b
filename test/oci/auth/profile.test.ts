import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ApiError } from '../../../src/errors.ts'
import { loadProfile, type Profile } from '../../../src/oci/auth/profile.ts'
import type { Environment, Files } from '../../../src/platform.ts'
import formats from '../../vectors/key-formats.json' with { type: 'json' }
import keys from '../../vectors/keys.json' with { type: 'json' }

const { pkcs8Pem: PEM, fingerprint: FINGERPRINT } = keys.keys.rsa2048
const LOCKED = formats.entries.find(({ id }) => id === 'enc-pkcs8-openssl3-default')?.pem ?? ''
const TENANCY = 'ocid1.tenancy.oc1..aaaa'
const USER = 'ocid1.user.oc1..aaaa'
const CONFIG = '/home/me/.oci/config'
const KEY = '/home/me/.oci/key.pem'

const plain = [
  '[DEFAULT]',
  `tenancy=${TENANCY}`,
  `user=${USER}`,
  `fingerprint=${FINGERPRINT}`,
  'region=us-chicago-1',
  'key_file=~/.oci/key.pem',
  '',
]
const DEFAULT = plain.join('\n')
const PROFILE: Profile = {
  tenancy: TENANCY,
  user: USER,
  fingerprint: FINGERPRINT,
  region: 'us-chicago-1',
  privateKey: PEM,
  passphrase: undefined,
  source: `profile "DEFAULT" of "${CONFIG}"`,
}
const FILES = { [CONFIG]: DEFAULT, [KEY]: PEM }
const COMPLETE = {
  OCI_CLI_TENANCY: TENANCY,
  OCI_CLI_USER: 'ocid1.user.oc1..env',
  OCI_CLI_FINGERPRINT: FINGERPRINT,
  OCI_CLI_REGION: 'PHX',
  OCI_CLI_KEY_CONTENT: PEM.replaceAll('\n', '\\n'),
}
const FROM_ENVIRONMENT: Profile = {
  ...PROFILE,
  user: COMPLETE.OCI_CLI_USER,
  region: 'us-phoenix-1',
  privateKey: COMPLETE.OCI_CLI_KEY_CONTENT.trim(),
  source: 'the environment',
}

type Loaded = [
  name: string,
  environment: Environment,
  files: Record<string, string>,
  changes: Partial<Profile>,
]

const loaded: Loaded[] = [
  ['A10 the DEFAULT profile of the usual file', {}, FILES, {}],
  ['A10 the older file', {}, { '/home/me/.oraclebmc/config': DEFAULT, [KEY]: PEM }, {
    source: 'profile "DEFAULT" of "/home/me/.oraclebmc/config"',
  }],
  ['A10 a file with CRLF, comments and spaces', {}, {
    ...FILES,
    [CONFIG]: `# mine\r\n${plain.join('\r\n').replaceAll('=', ' = ')}\r\n; end`,
  }, {}],
  ['A10 a profile that inherits DEFAULT', { OCI_PROFILE: 'DEV' }, {
    ...FILES,
    [CONFIG]: `${DEFAULT}[DEV]\nregion=FRA\nuser=ocid1.user.oc1..dev`,
  }, {
    user: 'ocid1.user.oc1..dev',
    region: 'eu-frankfurt-1',
    source: `profile "DEV" of "${CONFIG}"`,
  }],
  ['OCI_PROFILE before OCI_CLI_PROFILE', { OCI_PROFILE: 'A', OCI_CLI_PROFILE: 'B' }, {
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
  ['a fingerprint in capitals, without colons', {}, {
    ...FILES,
    [CONFIG]: DEFAULT.replace(FINGERPRINT, FINGERPRINT.replaceAll(':', '').toUpperCase()),
  }, {}],
  ['a passphrase', {}, {
    [KEY]: LOCKED,
    [CONFIG]: `${DEFAULT}pass_phrase=a=b # c`,
  }, { privateKey: LOCKED, passphrase: 'a=b # c' }],
  ["a passphrase by Go's name", {}, { ...FILES, [CONFIG]: `${DEFAULT}passphrase=p` }, {
    passphrase: 'p',
  }],
  ['a passphrase with blanks from the environment', { OCI_CLI_PASSPHRASE: ' p ' }, FILES, {
    passphrase: ' p ',
  }],
  ['an empty passphrase, which hides that of DEFAULT', { OCI_PROFILE: 'A' }, {
    ...FILES,
    [CONFIG]: `${DEFAULT}pass_phrase=p\n[A]\npass_phrase=`,
  }, { source: `profile "A" of "${CONFIG}"` }],
  ['single keys from the environment', { OCI_CLI_USER: 'ocid1.user.oc1..env' }, FILES, {
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
  ['a complete environment, and no file', COMPLETE, { [CONFIG]: 'garbage' }, FROM_ENVIRONMENT],
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
  ['a session profile, when an API key is asked for', { OCI_AUTH: 'API_KEY' }, {
    ...FILES,
    [CONFIG]: `${DEFAULT}security_token_file=t`,
  }, {}],
  ['a profile that calls itself an API key', {}, {
    ...FILES,
    [CONFIG]: `${DEFAULT}authentication_type=api_key`,
  }, {}],
  ['a profile under a DEFAULT of another kind', { OCI_PROFILE: 'A' }, {
    ...FILES,
    [CONFIG]: `${DEFAULT}security_token_file=t\n[A]\nuser=${USER}`,
  }, { source: `profile "A" of "${CONFIG}"` }],
]

type Refused = [
  name: string,
  environment: Environment,
  files: Record<string, string>,
  reason: string,
  message: string,
]

const VARIABLES = 'OCI_CLI_TENANCY, OCI_CLI_USER, OCI_CLI_FINGERPRINT, OCI_CLI_KEY_FILE, ' +
  'OCI_CLI_KEY_CONTENT'
const ADVICE =
  'Run "oci setup config", or set these variables and OCI_REGION, or try "npm run demo"'
const NO_FILE = `there is no file "${CONFIG}" or "/home/me/.oraclebmc/config" ` +
  '(OCI_CONFIG_FILE and OCI_CLI_CONFIG_FILE are not set)'
const ONLY_API_KEYS = 'and this version supports only API keys'
const cannotUse = (states: string) => `Cannot use profile "DEFAULT" of "${CONFIG}": ${states}`

const refused: Refused[] = [
  [
    'nothing at all',
    { OCI_REGION: 'ord', OCI_CLI_PASSPHRASE: 'p' },
    {},
    'no_credentials',
    `Cannot find OCI credentials: ${NO_FILE}, and none of ${VARIABLES} is set. ${ADVICE}`,
  ],
  [
    'half an environment and no file',
    { OCI_CLI_USER: USER },
    {},
    'invalid_profile',
    'Cannot use the environment: OCI_CLI_TENANCY is not set; OCI_CLI_FINGERPRINT is not set; ' +
    'neither OCI_REGION nor OCI_CLI_REGION is set; ' +
    `neither OCI_CLI_KEY_FILE nor OCI_CLI_KEY_CONTENT is set; ${NO_FILE}`,
  ],
  [
    'A10 everything that is missing from a profile',
    {},
    { [CONFIG]: '[DEFAULT]\nuser=' },
    'invalid_profile',
    cannotUse(
      'neither "tenancy" nor OCI_CLI_TENANCY is set; neither "user" nor OCI_CLI_USER is set; ' +
        'neither "fingerprint" nor OCI_CLI_FINGERPRINT is set; ' +
        'neither "region" nor OCI_REGION nor OCI_CLI_REGION is set; ' +
        'neither "key_file" nor OCI_CLI_KEY_FILE nor OCI_CLI_KEY_CONTENT is set',
    ),
  ],
  [
    'everything that is malformed, without the values',
    { OCI_CLI_USER: 'secret' },
    {
      [CONFIG]: '[DEFAULT]\ntenancy=secret\nfingerprint=secret\nregion=se/cret\n' +
        'key_content=secret\nkey_file=-----BEGIN secret',
    },
    'invalid_profile',
    cannotUse(
      '"tenancy" (line 2) is not an OCID; OCI_CLI_USER is not an OCID; ' +
        '"fingerprint" (line 3) is not a fingerprint of 16 pairs such as "0f:a9"; ' +
        '"region" (line 4) is not a region; ' +
        '"key_file" (line 6) holds a key, not the path of one; ' +
        '"key_content" (line 5) puts a key where it leaks easily; use "key_file"',
    ),
  ],
  [
    'a key file that is not there',
    {},
    { [CONFIG]: DEFAULT },
    'invalid_profile',
    cannotUse(`"key_file" (line 6) names "${KEY}", which does not exist`),
  ],
  [
    'A10 an encrypted key without pass_phrase',
    {},
    { ...FILES, [KEY]: LOCKED },
    'invalid_profile',
    cannotUse('the key is encrypted and neither "pass_phrase" nor OCI_CLI_PASSPHRASE is set'),
  ],
  [
    'bad region metadata',
    { OCI_REGION: 'us-new-9', OCI_REGION_METADATA: '{' },
    FILES,
    'invalid_profile',
    cannotUse(
      'OCI_REGION cannot be used: Cannot read OCI_REGION_METADATA: it is not a JSON object ' +
        'with realmKey, realmDomainComponent, regionKey and regionIdentifier',
    ),
  ],
  [
    'a profile that is not there',
    { OCI_PROFILE: 'X' },
    { ...FILES, [CONFIG]: `${DEFAULT}[DEV]` },
    'profile_missing',
    `Cannot find profile "X" in "${CONFIG}": it has "DEFAULT", "DEV"`,
  ],
  [
    'an empty file',
    {},
    { [CONFIG]: '' },
    'profile_missing',
    `Cannot find profile "DEFAULT" in "${CONFIG}": it has none`,
  ],
  [
    'a named file that is not there',
    { OCI_CONFIG_FILE: '~/x' },
    FILES,
    'config_file_missing',
    'Cannot use OCI_CONFIG_FILE: there is no file "/home/me/x"',
  ],
  [
    'a malformed file',
    {},
    { [CONFIG]: '[DEFAULT]\nsecret' },
    'invalid_config_file',
    `Cannot read "${CONFIG}": line 2 has no "="`,
  ],
  [
    'OCI_AUTH of another kind',
    { ...COMPLETE, OCI_AUTH: 'instance_principal' },
    FILES,
    'unsupported_auth',
    `Cannot use the credential: OCI_AUTH asks for "instance_principal", ${ONLY_API_KEYS}`,
  ],
  [
    'OCI_CLI_AUTH of another kind',
    { OCI_CLI_AUTH: 'security_token' },
    {},
    'unsupported_auth',
    `Cannot use the credential: OCI_CLI_AUTH asks for "security_token", ${ONLY_API_KEYS}`,
  ],
  [
    'a session profile',
    {},
    { ...FILES, [CONFIG]: `${DEFAULT}security_token_file=t` },
    'unsupported_auth',
    'Cannot use the credential: "security_token_file" (line 7) makes profile "DEFAULT" of ' +
    `"${CONFIG}" a security_token, ${ONLY_API_KEYS}`,
  ],
  [
    'a profile of an instance',
    {},
    { [CONFIG]: '[DEFAULT]\nauthentication_type=instance_principal' },
    'unsupported_auth',
    `Cannot use the credential: line 2 makes profile "DEFAULT" of "${CONFIG}" one of kind ` +
    `"instance_principal", ${ONLY_API_KEYS}`,
  ],
  [
    'a profile with a delegation token',
    {},
    { [CONFIG]: '[DEFAULT]\ndelegation_token_file=t' },
    'unsupported_auth',
    `Cannot use the credential: "delegation_token_file" (line 2) makes profile "DEFAULT" of ` +
    `"${CONFIG}" an instance_obo_user, ${ONLY_API_KEYS}`,
  ],
]

describe('loadProfile()', () => {
  for (const [name, environment, texts, changes] of loaded) {
    it(`takes ${name}`, async () => {
      const profile = await loadProfile(environment, filesWith(texts))
      assert.deepEqual(profile, { ...PROFILE, ...changes })
    })
  }

  for (const [name, environment, texts, reason, message] of refused) {
    it(`refuses ${name}`, async () => {
      const error = await failure(environment, filesWith(texts))
      assert.deepEqual(told(error), { code: 'configuration_error', reason, message })
    })
  }

  it('needs no files when the environment is complete', async () => {
    assert.deepEqual(await loadProfile(COMPLETE, undefined), FROM_ENVIRONMENT)
  })

  it('says that a runtime without files looked at variables only', async () => {
    const none = await failure({}, undefined)
    assert.deepEqual(
      [none.reason, none.message],
      [
        'no_credentials',
        'Cannot find OCI credentials: there are no files on this runtime, and none of ' +
        `${VARIABLES} is set. ${ADVICE}`,
      ],
    )
    const named = await failure({ OCI_CONFIG_FILE: 'x' }, undefined)
    assert.match(named.message, /^Cannot use OCI_CONFIG_FILE: there are no files on this runtime$/)
    const { OCI_CLI_KEY_CONTENT: _content, ...rest } = COMPLETE
    const key = await failure({ ...rest, OCI_CLI_KEY_FILE: 'k' }, undefined)
    assert.match(key.message, /OCI_CLI_KEY_FILE names a file.*use OCI_CLI_KEY_CONTENT$/)
  })

  it('keeps the cause of a file that cannot be read', async () => {
    const cause = new Error('EACCES')
    const files = { home: '/home/me', read: () => Promise.reject(cause) }
    const error = await failure({}, files)
    assert.deepEqual([error.reason, error.cause], ['unreadable_file', cause])
    assert.match(error.message, /^Cannot read "\/home\/me\/.oci\/config": /)
  })
})

function withKeyFile(path: string): string {
  return DEFAULT.replace('~/.oci/key.pem', path)
}

function filesWith(texts: Record<string, string>): Files {
  return { home: '/home/me', read: (path) => Promise.resolve(texts[path]) }
}

async function failure(environment: Environment, files: Files | undefined): Promise<ApiError> {
  const thrown = await loadProfile(environment, files).then(
    (profile) => assert.fail(`it took ${profile.source}`),
    (error: unknown) => error,
  )
  assert.ok(thrown instanceof ApiError)
  return thrown
}

function told({ code, reason, message }: ApiError) {
  return { code, reason, message }
}
