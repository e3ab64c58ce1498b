import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openCredential } from '../../../src/oci/auth/open-credential.ts'
import type { Environment } from '../../../src/platform.ts'
import federation from '../../vectors/federation-x509.json' with { type: 'json' }
import { COMPLETE, CONFIG, DEFAULT, FILES, KEY, PEM } from './profile-fixture.ts'
import { anyRequest, createWorld, jwt, keyIdOf } from './world.ts'

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
  ['an API key by its profile', {}, FILES, USERS],
  ['an API key by the environment', COMPLETE, {}, USERS],
  ['an API key by name, whatever the profile is', { OCI_AUTH: 'API_KEY' }, SESSION, USERS],
  ["an API key by Oracle's name", { OCI_CLI_AUTH: 'api_key' }, SESSION, USERS],
  ['the first name of two', { OCI_AUTH: 'api_key', OCI_CLI_AUTH: 'genai_api_key' }, SESSION, USERS],
  ['a session by its profile', {}, SESSION, SESSIONS],
  ['a session by name', { OCI_AUTH: 'security_token', OCI_CLI_SECURITY_TOKEN_FILE: TOKEN }, {
    ...FILES,
    [TOKEN]: jwt(),
  }, SESSIONS],
  ['an API key under a DEFAULT that is a session', { OCI_PROFILE: 'A' }, {
    ...SESSION,
    [CONFIG]: `${SESSION[CONFIG]}\n[A]`,
  }, USERS],
  ['a profile that calls itself an API key', {}, {
    ...FILES,
    [CONFIG]: `${DEFAULT}authentication_type=api_key`,
  }, USERS],
  ['an API key before a key of OCI Generative AI', { OCI_GENAI_API_KEY: 'sk' }, FILES, USERS],
]

/** What each kind complains of on a machine that has nothing for it: it was chosen, then. */
const complaints: [name: string, environment: Environment, config: string, message: RegExp][] = [
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
    /^Cannot use the credential: OCI_AUTH asks for "magic"; the kinds are api_key, /,
  ],
  [
    '',
    {},
    '[DEFAULT]\nauthentication_type=magic',
    /^Cannot use the credential: line 2 makes profile "DEFAULT" of ".*" one of kind "magic"; the k/,
  ],
]

describe('openCredential()', () => {
  for (const [name, environment, texts, keyId] of chosen) {
    it(`chooses ${name}, and asks nobody`, async () => {
      const world = createWorld(undefined, { environment, texts })
      const { credential } = await openCredential(world)
      assert.match(keyIdOf(await credential(anyRequest())) ?? '', keyId)
      assert.equal(world.seen.length, 0)
    })
  }

  for (const [named, variables, config, message] of complaints) {
    it(`chooses ${named || 'by'} ${config.replaceAll('\n', ' ')}`, async () => {
      const environment = { ...variables, ...(named && { OCI_AUTH: named }) }
      const texts = config ? { [CONFIG]: config } : {}
      await assert.rejects(openCredential(createWorld(undefined, { environment, texts })), {
        name: 'ApiError',
        message,
      })
    })
  }

  it('sends the token of the user, where the profile of an instance has one', async () => {
    const { certPem, keyPem, intermediatePem } = federation.imdsResponses
    const answers: [end: string, text: string][] = [
      ['/instance/region', 'phx'],
      ['/identity/cert.pem', certPem],
      ['/identity/key.pem', keyPem],
      ['/identity/intermediate.pem', intermediatePem],
      ['/v1/x509', JSON.stringify({ token: jwt() })],
    ]
    const config = '[DEFAULT]\nauthentication_type=instance_principal\ndelegation_token_file=~/obo'
    const world = createWorld(({ url }) => {
      const text = answers.find(([end]) => url.endsWith(end))?.[1]
      return new Response(text ?? '', { status: text ? 200 : 404 })
    }, { texts: { [CONFIG]: config, '/home/me/obo': 'a.b.c' } })
    const { credential, source } = await openCredential(world)
    assert.equal((await credential(anyRequest()))['opc-obo-token'], 'a.b.c')
    assert.equal(source, `profile "DEFAULT" of "${CONFIG}"`)
  })

  it('takes a key of OCI Generative AI where there is nothing else', async () => {
    const environment = { OCI_GENAI_API_KEY: 'sk' }
    const { credential } = await openCredential(createWorld(undefined, { environment }))
    assert.equal(credential.scheme, 'bearer')
  })

  it('asks no metadata service when nothing is configured', async () => {
    const world = createWorld()
    await assert.rejects(openCredential(world), { reason: 'no_credentials' })
    assert.equal(world.seen.length, 0)
  })

  it('tells tenancy, region and source of an API key', async () => {
    const texts = { [CONFIG]: DEFAULT, [KEY]: PEM }
    const { tenancy, region, source } = await openCredential(createWorld(undefined, { texts }))
    assert.deepEqual(
      [tenancy, region?.id, source],
      ['ocid1.tenancy.oc1..aaaa', 'us-chicago-1', `profile "DEFAULT" of "${CONFIG}"`],
    )
  })
})
