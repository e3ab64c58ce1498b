import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ApiError } from '../../../src/errors.ts'
import type { Environment, Files } from '../../../src/platform.ts'
import {
  COMPLETE,
  CONFIG,
  DEFAULT,
  FILES,
  filesWith,
  KEY,
  loadFrom,
  LOCKED,
  USER,
} from './profile-fixture.ts'

type Refused = [
  name: string,
  environment: Environment,
  files: Record<string, string>,
  reason: string,
  message: string,
]

const VARIABLES = 'OCI_CLI_TENANCY, OCI_CLI_USER, OCI_CLI_FINGERPRINT, OCI_CLI_KEY_FILE, ' +
  'OCI_CLI_KEY_CONTENT'
const ADVICE = 'Run "oci setup config", or set these variables and OCI_REGION. Inside OCI set ' +
  'OCI_AUTH to instance_principal, resource_principal or oke_workload_identity. ' +
  'Or try "npm run demo"'
const NO_FILE = `there is no file "${CONFIG}" or "/home/me/.oraclebmc/config" ` +
  '(OCI_CONFIG_FILE and OCI_CLI_CONFIG_FILE are not set)'
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
]

describe('loadProfile()', () => {
  for (const [name, environment, texts, reason, message] of refused) {
    it(`refuses ${name}`, async () => {
      const error = await failure(environment, filesWith(texts))
      assert.deepEqual(told(error), { code: 'configuration_error', reason, message })
    })
  }

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

async function failure(environment: Environment, files: Files | undefined): Promise<ApiError> {
  const thrown = await loadFrom(environment, files).then(
    (profile) => assert.fail(`it took ${profile.source}`),
    (error: unknown) => error,
  )
  assert.ok(thrown instanceof ApiError)
  return thrown
}

function told({ code, reason, message }: ApiError) {
  return { code, reason, message }
}
