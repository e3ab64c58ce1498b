import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openCredential } from '../../../src/oci/auth/open-credential.ts'
import type { Environment } from '../../../src/platform.ts'
import federation from '../../vectors/federation-x509.json' with { type: 'json' }
import { COMPLETE, CONFIG, DEFAULT, FILES, KEY, PEM } from './profile-fixture.ts'
import { anyRequest, createFixture, jwt, keyIdOf } from './fixture.ts'

const TOKEN = '/home/me/token'
const SESSION = { ...FILES, [TOKEN]: jwt(), [CONFIG]: `${DEFAULT}security_token_file=~/token` }
const USERS = /^ocid1\.tenancy/
const SESSIONS = /^ST\$/

const chosen: [
  name: string,
  environment: Environment,
  files: Record<string, string>,
  keyId: RegExp,
][] = [
  ['an API key by the profile', {}, FILES, USERS],
  ['an API key by the environment', COMPLETE, {}, USERS],
  ['an API key by OCI_AUTH, despite a session profile', { OCI_AUTH: 'API_KEY' }, SESSION, USERS],
  ['an API key by OCI_CLI_AUTH', { OCI_CLI_AUTH: 'api_key' }, SESSION, USERS],
  [
    'OCI_AUTH over OCI_CLI_AUTH',
    { OCI_AUTH: 'api_key', OCI_CLI_AUTH: 'genai_api_key' },
    SESSION,
    USERS,
  ],
  ['a session by the profile', {}, SESSION, SESSIONS],
  ['a session by OCI_AUTH', { OCI_AUTH: 'security_token', OCI_CLI_SECURITY_TOKEN_FILE: TOKEN }, {
    ...FILES,
    [TOKEN]: jwt(),
  }, SESSIONS],
  ['an API key under a DEFAULT that is a session', { OCI_PROFILE: 'A' }, {
    ...SESSION,
    [CONFIG]: `${SESSION[CONFIG]}\n[A]`,
  }, USERS],
  ['an API key by authentication_type', {}, {
    ...FILES,
    [CONFIG]: `${DEFAULT}authentication_type=api_key`,
  }, USERS],
  ['an API key over an OCI Generative AI API key', { OCI_GENAI_API_KEY: 'sk' }, FILES, USERS],
]

/** The error of each kind on a machine without its settings shows that the kind was selected. */
const failures: [name: string, environment: Environment, config: string, message: RegExp][] = [
  ['instance_principal', {}, '', /^Cannot read the instance's metadata: no connection to "169\./],
  ['resource_principal', {}, '', /OCI_RESOURCE_PRINCIPAL_VERSION is not set\. OCI sets it in/],
  ['oke_workload_identity', {}, '', /KUBERNETES_SERVICE_HOST is not set/],
  ['token_exchange', {}, '', /OCI_IDENTITY_DOMAIN_URL, OCI_TOKEN_EXCHANGE_CLIENT_ID, /],
  ['genai_api_key', {}, '', /OCI_GENAI_API_KEY is not set/],
  ['instance_obo_user', {}, '[DEFAULT]', /neither "delegation_token_file" nor OCI_CLI_DELEG/],
  ['', {}, '[DEFAULT]\nauthentication_type=instance_principal', /^Cannot read the instance's me/],
  ['', {}, '[DEFAULT]\ndelegation_token_file=/t', /^Cannot read the instance's metadata/],
  [
    '',
    {},
    '[DEFAULT]\nauthentication_type=instance_principal\ndelegation_token_file=/t',
    /^Cannot read the instance's metadata/,
  ],
  ['instance_obo_user', { OCI_CLI_DELEGATION_TOKEN_FILE: '/t' }, '', /^Cannot read the instance's/],
  [
    'magic',
    {},
    '',
    /^Cannot select a credential: OCI_AUTH is "magic"\. It must be one of api_key, /,
  ],
  [
    '',
    {},
    '[DEFAULT]\nauthentication_type=magic',
    /^Cannot select a credential: authentication_type \(line 2\) in profile "DEFAULT" of ".*" is "magic"/,
  ],
]

describe('openCredential()', () => {
  for (const [name, environment, texts, keyId] of chosen) {
    it(`selects ${name} without a network call`, async () => {
      const fixture = createFixture(undefined, { environment, texts })
      const { credential } = await openCredential(fixture)
      assert.match(keyIdOf(await credential(anyRequest())) ?? '', keyId)
      assert.equal(fixture.calls.length, 0)
    })
  }

  for (const [named, variables, config, message] of failures) {
    it(`selects ${named || 'by'} ${config.replaceAll('\n', ' ')}`, async () => {
      const environment = { ...variables, ...(named && { OCI_AUTH: named }) }
      const texts = config ? { [CONFIG]: config } : {}
      await assert.rejects(openCredential(createFixture(undefined, { environment, texts })), {
        name: 'ApiError',
        message,
      })
    })
  }

  it('sends the delegation token that the profile of an instance names', async () => {
    const { certPem, keyPem, intermediatePem } = federation.imdsResponses
    const answers: [end: string, text: string][] = [
      ['/instance/region', 'phx'],
      ['/identity/cert.pem', certPem],
      ['/identity/key.pem', keyPem],
      ['/identity/intermediate.pem', intermediatePem],
      ['/v1/x509', JSON.stringify({ token: jwt() })],
    ]
    const config = '[DEFAULT]\nauthentication_type=instance_principal\ndelegation_token_file=~/obo'
    const fixture = createFixture(({ url }) => {
      const text = answers.find(([end]) => url.endsWith(end))?.[1]
      return new Response(text ?? '', { status: text ? 200 : 404 })
    }, { texts: { [CONFIG]: config, '/home/me/obo': 'a.b.c' } })
    const { credential, source } = await openCredential(fixture)
    assert.equal((await credential(anyRequest()))['opc-obo-token'], 'a.b.c')
    assert.equal(source, `profile "DEFAULT" of "${CONFIG}"`)
  })

  it('selects the OCI Generative AI API key without any other credential', async () => {
    const environment = { OCI_GENAI_API_KEY: 'sk' }
    const { credential } = await openCredential(createFixture(undefined, { environment }))
    assert.equal(credential.scheme, 'bearer')
  })

  it('does not call the metadata service when nothing is configured', async () => {
    const fixture = createFixture()
    await assert.rejects(openCredential(fixture), { reason: 'no_credentials' })
    assert.equal(fixture.calls.length, 0)
  })

  it('returns tenancy, region and source of an API key', async () => {
    const texts = { [CONFIG]: DEFAULT, [KEY]: PEM }
    const { tenancy, region, source } = await openCredential(createFixture(undefined, { texts }))
    assert.deepEqual(
      [tenancy, region?.id, source],
      ['ocid1.tenancy.oc1..aaaa', 'us-chicago-1', `profile "DEFAULT" of "${CONFIG}"`],
    )
  })
})
