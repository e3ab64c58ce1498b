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

type InvalidCase = [
  name: string,
  environment: Environment,
  files: Record<string, string>,
  reason: string,
  message: string,
]

const VARIABLES = 'OCI_CLI_TENANCY, OCI_CLI_USER, OCI_CLI_FINGERPRINT, OCI_CLI_KEY_FILE, ' +
  'OCI_CLI_KEY_CONTENT'
const ADVICE = 'Run "oci setup config", or set these variables and OCI_REGION. Inside OCI, set ' +
  'OCI_AUTH to instance_principal, resource_principal or oke_workload_identity. ' +
  '"npx oci-genai-gateway init" configures the gateway step by step; ' +
  '"npx oci-genai-gateway demo" starts it without an account'
const NO_FILE = `there is no file "${CONFIG}" or "/home/me/.oraclebmc/config" ` +
  '(OCI_CONFIG_FILE and OCI_CLI_CONFIG_FILE are not set)'
const CHOOSE = 'Set OCI_PROFILE to one of them, or create the profile with: oci setup config'
const cannotUse = (states: string) => `Cannot use profile "DEFAULT" of "${CONFIG}": ${states}`

const invalid: InvalidCase[] = [
  [
    'an empty environment without files',
    { OCI_REGION: 'ord', OCI_CLI_PASSPHRASE: 'p' },
    {},
    'no_credentials',
    `Cannot find OCI credentials: ${NO_FILE}, and none of ${VARIABLES} is set. ${ADVICE}`,
  ],
  [
    'an incomplete environment without files',
    { OCI_CLI_USER: USER },
    {},
    'invalid_profile',
    'Cannot use the environment: OCI_CLI_TENANCY is not set; OCI_CLI_FINGERPRINT is not set; ' +
    'neither OCI_REGION nor OCI_CLI_REGION is set; ' +
    `neither OCI_CLI_KEY_FILE nor OCI_CLI_KEY_CONTENT is set; ${NO_FILE}`,
  ],
  [
    'A10 a profile with missing settings, all named',
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
    'malformed settings, all named, without the values',
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
        '"key_file" (line 6) contains a key instead of a path; ' +
        '"key_content" (line 5) must not be in this file, where it leaks easily; use "key_file"',
    ),
  ],
  [
    'a missing key file',
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
    'a missing profile',
    { OCI_PROFILE: 'X' },
    { ...FILES, [CONFIG]: `${DEFAULT}[DEV]` },
    'profile_missing',
    `Cannot find profile "X" in "${CONFIG}": its profiles are "DEFAULT", "DEV". ${CHOOSE}`,
  ],
  [
    'an empty file',
    {},
    { [CONFIG]: '' },
    'profile_missing',
    `Cannot find profile "DEFAULT" in "${CONFIG}": it has no profiles. Create one with: oci setup config`,
  ],
  [
    'a missing OCI_CONFIG_FILE',
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
  for (const [name, environment, texts, reason, message] of invalid) {
    it(`rejects ${name}`, async () => {
      const error = await failure(environment, filesWith(texts))
      assert.deepEqual(detailsOf(error), { code: 'configuration_error', reason, message })
    })
  }

  it('names only variables on a runtime without a file system', async () => {
    const none = await failure({}, undefined)
    assert.deepEqual(
      [none.reason, none.message],
      [
        'no_credentials',
        'Cannot find OCI credentials: this runtime has no file system, and none of ' +
        `${VARIABLES} is set. ${ADVICE}`,
      ],
    )
    const named = await failure({ OCI_CONFIG_FILE: 'x' }, undefined)
    assert.match(
      named.message,
      /^Cannot use OCI_CONFIG_FILE: this runtime has no file system\. Set the OCI_CLI_\* /,
    )
    const { OCI_CLI_KEY_CONTENT: _content, ...rest } = COMPLETE
    const key = await failure({ ...rest, OCI_CLI_KEY_FILE: 'k' }, undefined)
    assert.match(key.message, /OCI_CLI_KEY_FILE names a file.*set OCI_CLI_KEY_CONTENT$/)
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
    (profile) => assert.fail(`it loaded ${profile.source}`),
    (error: unknown) => error,
  )
  assert.ok(thrown instanceof ApiError)
  return thrown
}

function detailsOf({ code, reason, message }: ApiError) {
  return { code, reason, message }
}
