import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { tokenExchangeOf } from '../../../src/oci/auth/token-exchange.ts'
import { anyRequest, createFixture, jwt, keyIdOf, MINUTE, tokenReply } from './fixture.ts'

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
    /Check OCI_TOKEN_EXCHANGE_CLIENT_ID and OCI_TOKEN_EXCHANGE_CLIENT_SECRET/,
  ],
  [404, 'X', /OCI_IDENTITY_DOMAIN_URL is the address of your identity domain/],
]

describe('tokenExchangeOf()', () => {
  it('exchanges the subject token', async () => {
    const fixture = createFixture(() => tokenReply(UPST), { environment: ENVIRONMENT })
    const { credential, tenancy } = await tokenExchangeOf(fixture)
    assert.equal(keyIdOf(await credential(anyRequest())), `ST$${UPST}`)
    assert.equal(tenancy, TENANCY)
    const [call] = fixture.calls
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

  it('reads the subject token again for each exchange', async () => {
    const environment = { ...ENVIRONMENT, OCI_TOKEN_EXCHANGE_SUBJECT_TOKEN: SUBJECT }
    const texts = { [SUBJECT]: 'first\n' }
    const fixture = createFixture(() => tokenReply(UPST), { environment, texts })
    const { credential } = await tokenExchangeOf(fixture)
    fixture.texts.set(SUBJECT, 'second\n')
    fixture.advance(59 * MINUTE)
    await credential(anyRequest())
    const subjects = fixture.calls.map(({ body }) => new URLSearchParams(body).get('subject_token'))
    assert.deepEqual(subjects, ['first', 'second'])
  })

  for (const [status, reason, advice] of refusals) {
    it(`gives advice for a ${status}`, async () => {
      const answer = () => Response.json({ code: 'X' }, { status })
      const fixture = createFixture(answer, { environment: ENVIRONMENT })
      await assert.rejects(tokenExchangeOf(fixture), {
        code: 'upstream_auth_error',
        reason,
        message: advice,
      })
    })
  }

  it('names all missing variables', async () => {
    await assert.rejects(tokenExchangeOf(createFixture()), {
      code: 'configuration_error',
      reason: 'missing_variable',
      message: `Cannot use the token exchange: ${Object.keys(ENVIRONMENT).join(', ')} are not set`,
    })
  })

  it('does not send the secret without TLS', async () => {
    const environment = { ...ENVIRONMENT, OCI_IDENTITY_DOMAIN_URL: 'http://idcs.example.com' }
    await assert.rejects(tokenExchangeOf(createFixture(undefined, { environment })), {
      code: 'configuration_error',
      reason: 'insecure_url',
    })
  })
})
