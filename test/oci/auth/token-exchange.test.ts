import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { tokenExchangeOf } from '../../../src/oci/auth/token-exchange.ts'
import { anyRequest, createWorld, jwt, keyIdOf, MINUTE, tokenReply } from './world.ts'

const TENANCY = 'ocid1.tenancy.oc1..aaaa'
const SUBJECT = '/run/secrets/oidc'
const ENVIRONMENT = {
  OCI_IDENTITY_DOMAIN_URL: 'https://idcs-x.identity.oraclecloud.com',
  OCI_TOKEN_EXCHANGE_CLIENT_ID: 'app',
  OCI_TOKEN_EXCHANGE_CLIENT_SECRET: 's:ecret',
  OCI_TOKEN_EXCHANGE_SUBJECT_TOKEN: 'subject.jwt.x',
}
const UPST = jwt({ tenant: TENANCY })

const refusals: [status: number, reason: string, advice: RegExp][] = [
  [400, 'subject_refused', /identity propagation trust of the domain/],
  [
    401,
    'client_refused',
    /check OCI_TOKEN_EXCHANGE_CLIENT_ID and OCI_TOKEN_EXCHANGE_CLIENT_SECRET/,
  ],
  [404, 'X', /OCI_IDENTITY_DOMAIN_URL is the address of your identity domain/],
]

describe('tokenExchangeOf()', () => {
  it('exchanges the token of the subject', async () => {
    const world = createWorld(() => tokenReply(UPST), { environment: ENVIRONMENT })
    const { credential, tenancy } = await tokenExchangeOf(world)
    assert.equal(keyIdOf(await credential(anyRequest())), `ST$${UPST}`)
    assert.equal(tenancy, TENANCY)
    const [call] = world.seen
    assert.equal(call?.url, 'https://idcs-x.identity.oraclecloud.com/oauth2/v1/token')
    assert.deepEqual(call.headers, {
      'authorization': `Basic ${btoa('app:s:ecret')}`,
      'content-type': 'application/x-www-form-urlencoded',
    })
    const { public_key: key, ...form } = Object.fromEntries(new URLSearchParams(call.body))
    assert.deepEqual(form, {
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      requested_token_type: 'urn:oci:token-type:oci-upst',
      subject_token: 'subject.jwt.x',
      subject_token_type: 'jwt',
    })
    assert.match(key ?? '', /^MIIBIjAN[\w+/=]+$/)
  })

  it('reads the token of the subject again for each exchange', async () => {
    const environment = { ...ENVIRONMENT, OCI_TOKEN_EXCHANGE_SUBJECT_TOKEN: SUBJECT }
    const texts = { [SUBJECT]: 'first\n' }
    const world = createWorld(() => tokenReply(UPST), { environment, texts })
    const { credential } = await tokenExchangeOf(world)
    world.texts.set(SUBJECT, 'second\n')
    world.pass(59 * MINUTE)
    await credential(anyRequest())
    const subjects = world.seen.map(({ body }) => new URLSearchParams(body).get('subject_token'))
    assert.deepEqual(subjects, ['first', 'second'])
  })

  for (const [status, reason, advice] of refusals) {
    it(`says what to do after a ${status}`, async () => {
      const answer = () => Response.json({ code: 'X' }, { status })
      const world = createWorld(answer, { environment: ENVIRONMENT })
      await assert.rejects(tokenExchangeOf(world), {
        code: 'upstream_auth_error',
        reason,
        message: advice,
      })
    })
  }

  it('names all variables that are missing', async () => {
    await assert.rejects(tokenExchangeOf(createWorld()), {
      code: 'configuration_error',
      reason: 'missing_variable',
      message: `Cannot use the token exchange: ${Object.keys(ENVIRONMENT).join(', ')} are not set`,
    })
  })

  it('does not send the secret without TLS', async () => {
    const environment = { ...ENVIRONMENT, OCI_IDENTITY_DOMAIN_URL: 'http://idcs.example.com' }
    await assert.rejects(tokenExchangeOf(createWorld(undefined, { environment })), {
      code: 'configuration_error',
      reason: 'insecure_url',
    })
  })
})
