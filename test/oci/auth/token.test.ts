import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { decodeToken, type Token } from '../../../src/oci/auth/token.ts'
import { jwt } from './fixture.ts'

const NONE = {
  ...{ issuedAt: undefined, expiresAt: undefined, tenancy: undefined },
  ...{ subject: undefined, modulus: undefined },
}
const TIMELESS = { iat: undefined, exp: undefined }

const cases: [name: string, claims: object, expected: Partial<Token>][] = [
  ['no claims', TIMELESS, {}],
  ['times, in milliseconds', { iat: 1, exp: 2.5 }, { issuedAt: 1000, expiresAt: 2500 }],
  ['times of another type', { iat: '1', exp: null }, {}],
  ["a session's tenancy", { ...TIMELESS, tenant: 'a' }, { tenancy: 'a' }],
  ["a resource's tenancy over a session's", { ...TIMELESS, tenant: 'a', res_tenant: 'b' }, {
    tenancy: 'b',
  }],
  ['a user', { ...TIMELESS, sub: 'u' }, { subject: 'u' }],
  ['a key in text', { ...TIMELESS, jwk: '{"kty":"RSA","n":"abc"}' }, { modulus: 'abc' }],
  ['a key', { ...TIMELESS, jwk: { n: 'abc' } }, { modulus: 'abc' }],
  ['a key without a modulus', { ...TIMELESS, jwk: '{}' }, {}],
  ['a key that is not JSON', { ...TIMELESS, jwk: 'x' }, {}],
]

const malformed: [name: string, text: string, state: string][] = [
  ['an empty token', ' \n', 'it is empty'],
  ['a truncated token', jwt().slice(0, 40), 'it is not a complete JSON Web Token'],
  ['two parts', jwt().split('.').slice(0, 2).join('.'), 'it is not a complete JSON Web Token'],
  ['something else', 'secret', 'it is not a complete JSON Web Token'],
]

describe('decodeToken()', () => {
  for (const [name, claims, expected] of cases) {
    it(`reads ${name}`, () => {
      const text = jwt(claims)
      assert.deepEqual(decodeToken(text, 'it'), { ...NONE, text, ...expected })
    })
  }

  it('A12 trims white space', () => {
    const text = jwt()
    assert.equal(decodeToken(`\n ${text}\r\n`, 'it').text, text)
  })

  for (const [name, text, state] of malformed) {
    it(`rejects ${name} without quoting it`, () => {
      assert.throws(() => decodeToken(text, 'the token of X'), {
        name: 'ApiError',
        code: 'upstream_auth_error',
        reason: 'bad_token',
        message: `Cannot read the token of X: ${state}`,
      })
    })
  }
})
