import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { encodeBase64Url } from '../../src/simulator/base64.ts'
import { readClaims } from '../../src/simulator/tokens/jwt.ts'
import {
  createCredentialServices,
  createSessionKey,
  type CredentialServices,
  DOMAIN,
  type SessionKey,
  tryChat,
} from './tokens/credential-services.ts'

const URL = 'https://idcs-1.identity.oraclecloud.com/oauth2/v1/token'
const BASIC = `Basic ${btoa('app:secret')}`
const SUBJECT = `e30.${encodeBase64Url('{"sub":"workflow"}')}.trusted`
const OVER = `e30.${encodeBase64Url('{"sub":"workflow","exp":1}')}.trusted`
const RPST = 'urn:oci:token-type:oci-rpst'

const errors: [name: string, form: Record<string, string>, verdict: string][] = [
  ['another grant', { grant_type: 'password' }, '400 invalid_request Unknown grant_type.'],
  [
    'an unknown token',
    { requested_token_type: 'jwt' },
    '400 invalid_request Unknown requested_token_type.',
  ],
  [
    'another kind of subject',
    { subject_token_type: 'saml' },
    '400 invalid_request Unknown subject_token_type.',
  ],
  [
    'a resource without a type',
    { requested_token_type: RPST },
    '400 invalid_request Missing res_type.',
  ],
  [
    'a token of an untrusted issuer',
    { subject_token: `${SUBJECT}not` },
    '401 invalid_token The subject token is not valid.',
  ],
  [
    'an expired token',
    { subject_token: OVER },
    '401 invalid_token The subject token is not valid.',
  ],
  ['an invalid key', { public_key: 'AAAA' }, '400 invalid_request Invalid public key'],
]

describe('identityDomain()', () => {
  let services: CredentialServices
  let session: SessionKey
  before(async () => {
    services = await createCredentialServices()
    session = await createSessionKey()
  })

  it('exchanges a trusted token for a user session token', async () => {
    const { token } = await (await ask(services, formOf(session))).json()
    const { sub, tenant, exp } = readClaims(token) ?? {}
    const hour = services.now() / 1000 + 3_600
    assert.deepEqual([sub, tenant, exp], ['workflow', DOMAIN.tenancy, hour])
    assert.equal((await tryChat(services, { keyId: `ST$${token}`, key: session.key })).status, 200)
  })

  it('exchanges it for a resource session token', async () => {
    const form = formOf(session, { requested_token_type: RPST, res_type: 'vm', rpst_exp: '600' })
    const { token } = await (await ask(services, form)).json()
    const { res_type, res_tenant, exp } = readClaims(token) ?? {}
    const end = services.now() / 1000 + 600
    assert.deepEqual([res_type, res_tenant, exp], ['vm', DOMAIN.tenancy, end])
  })

  for (const [name, form, verdict] of errors) {
    it(`rejects ${name}`, async () => {
      assert.equal(await verdictFor(await ask(services, formOf(session, form))), verdict)
    })
  }

  it('rejects a wrong and a missing secret', async () => {
    const verdict = '401 invalid_client Client authentication failed.'
    for (const authorization of [`Basic ${btoa('app:other')}`, '']) {
      assert.equal(
        await verdictFor(await ask(services, formOf(session), { authorization })),
        verdict,
      )
    }
  })

  it('requires a form', async () => {
    const headers = { 'content-type': 'application/json' }
    const verdict = await verdictFor(await ask(services, formOf(session), headers))
    assert.equal(verdict, '415 invalid_request The body is not a form.')
  })

  it('accepts a signature instead of a secret', async () => {
    const form = formOf(session).toString()
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    assert.equal((await services.post('/oauth2/v1/token', form, { headers })).status, 200)
  })
})

function formOf(
  { publicKey }: SessionKey,
  more: Record<string, string> = {},
): URLSearchParams {
  return new URLSearchParams({
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    requested_token_type: 'urn:oci:token-type:oci-upst',
    subject_token: SUBJECT,
    subject_token_type: 'jwt',
    public_key: publicKey,
    ...more,
  })
}

async function ask(
  { fetch }: CredentialServices,
  form: URLSearchParams,
  headers: Record<string, string> = {},
): Promise<Response> {
  const usual = {
    authorization: BASIC,
    'content-type': 'application/x-www-form-urlencoded;charset=UTF-8',
  }
  const body = form.toString()
  return await fetch(new Request(URL, { method: 'POST', headers: { ...usual, ...headers }, body }))
}

async function verdictFor(response: Response): Promise<string> {
  const { error, error_description } = await response.json()
  return `${response.status} ${error} ${error_description}`
}
