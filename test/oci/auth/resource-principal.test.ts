import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { AuthDependencies } from '../../../src/oci/auth/dependencies.ts'
import { resourcePrincipal } from '../../../src/oci/auth/resource-principal.ts'
import keys from '../../vectors/keys.json' with { type: 'json' }
import vectors from '../../vectors/resource-principal.json' with { type: 'json' }
import { anyRequest, createFixture, type Fixture, jwt, keyIdOf, MINUTE, NOW } from './fixture.ts'

const { rsa2048, rsa3072 } = keys.keys
const P = 'OCI_RESOURCE_PRINCIPAL_'
const TOKEN = '/run/rpst'
const KEY = '/run/key.pem'
const PATHS = {
  [`${P}VERSION`]: '2.2',
  [`${P}RPST`]: TOKEN,
  [`${P}PRIVATE_PEM`]: KEY,
  [`${P}REGION`]: 'ord',
}

/** Our results for cases in which the official SDK fails or is wrong. */
const EXPECTED = new Map<string, Outcome>([
  ['missing-version', 'missing_variable'],
  ['missing-pem', 'missing_variable'],
  ['missing-rpst', 'missing_variable'],
  ['missing-region', 'missing_variable'],
  ['version-1.1', 'missing_variable'],
  ['version-3.0', 'rp_version_unsupported'],
  ['mixed-key-path-passphrase-content', 'mixed_settings'],
  // The SDK uses an expired text until OCI rejects it.
  ['expired-content-token', 'token_expired'],
])

type Outcome = string | { keyId: string; region: string | undefined; tenancy: string | undefined }

describe('resourcePrincipal()', () => {
  for (const vector of vectors.vectors) {
    it(`A16 handles ${vector.id} like Oracle's SDK, or better`, async () => {
      const official = vector.officialTypeScriptSdk
      const expected = EXPECTED.get(vector.id) ?? {
        // Unlike the SDK, we trim a newline after the token and keep the region.
        keyId: official.keyId?.trim(),
        region: official.region ?? vector.env[`${P}REGION` as keyof typeof vector.env],
        tenancy: official.res_tenant ?? 'ocid1.tenancy.oc1..testvectortenancy',
      }
      assert.deepEqual(await outcome(fixtureOf(vector.env)), expected)
    })
  }

  it('A16 reads token and key again after OCI has replaced them', async () => {
    const [first, second] = [tokenAt(NOW), tokenAt(NOW + 50 * MINUTE)]
    const fixture = createFixture(undefined, {
      environment: PATHS,
      texts: { [TOKEN]: first, [KEY]: rsa2048.pkcs8Pem },
    })
    const { credential } = await resourcePrincipal(fixture)
    assert.equal(keyIdOf(await credential(anyRequest())), `ST$${first}`)
    fixture.texts.set(TOKEN, `${second}\n`).set(KEY, rsa3072.pkcs8Pem)
    fixture.advance(59 * MINUTE)
    const headers = await credential(anyRequest())
    assert.equal(keyIdOf(headers), `ST$${second}`)
    assert.match(headers['authorization'] ?? '', /signature="[\w+/]{512}"/)
  })

  it('A16 reads them again when OCI rejects the token', async () => {
    const [first, second] = [tokenAt(NOW), tokenAt(NOW + 1000)]
    const fixture = createFixture(undefined, {
      environment: PATHS,
      texts: { [TOKEN]: first, [KEY]: rsa2048.pkcs8Pem },
    })
    const { credential } = await resourcePrincipal(fixture)
    fixture.texts.set(TOKEN, second)
    assert.equal(keyIdOf(await credential(anyRequest({ renew: true }))), `ST$${second}`)
  })

  it('uses the token until it expires, then reports that OCI has not replaced it', async () => {
    const token = tokenAt(NOW)
    const fixture = createFixture(undefined, {
      environment: PATHS,
      texts: { [TOKEN]: token, [KEY]: rsa2048.pkcs8Pem },
    })
    const { credential } = await resourcePrincipal(fixture)
    fixture.advance(60 * MINUTE - 1)
    assert.equal(keyIdOf(await credential(anyRequest())), `ST$${token}`)
    fixture.advance(1)
    await assert.rejects(credential(anyRequest()), {
      code: 'upstream_auth_error',
      reason: 'token_expired',
      message: /the token in its file has expired and OCI has not replaced it/,
    })
  })

  it('advises to use files after a token given as text has expired', async () => {
    const environment = {
      ...PATHS,
      [`${P}RPST`]: jwt({ exp: NOW / 1000 - 1 }),
      [`${P}PRIVATE_PEM`]: rsa2048.pkcs8Pem,
    }
    await assert.rejects(resourcePrincipal(createFixture(undefined, { environment })), {
      code: 'upstream_auth_error',
      reason: 'token_expired',
      message: /has expired\. Set .* to the paths of files that OCI replaces/,
    })
  })

  it('names the missing file', async () => {
    await assert.rejects(resourcePrincipal(createFixture(undefined, { environment: PATHS })), {
      code: 'configuration_error',
      reason: 'file_missing',
      message: `Cannot use ${P}RPST: there is no file "${TOKEN}"`,
    })
  })

  it('names all missing variables', async () => {
    const environment = { [`${P}VERSION`]: '2.2' }
    await assert.rejects(resourcePrincipal(createFixture(undefined, { environment })), {
      message:
        `Cannot use the resource principal: ${P}RPST, ${P}PRIVATE_PEM, ${P}REGION are not set`,
    })
  })
})

/** Creates files for the values that the vectors mark as files. */
function fixtureOf(env: Record<string, string | undefined>): Fixture {
  const named = Object.entries(env).map(([name, value = '']) =>
    value.startsWith('FILE:')
      ? { name, value: `/run/${name}`, text: value.slice(5) }
      : { name, value, text: undefined }
  )
  const texts = named.flatMap(({ value, text }) => text === undefined ? [] : [[value, text]])
  const environment: AuthDependencies['environment'] = Object.fromEntries(
    named.map(({ name, value }) => [name, value]),
  )
  return createFixture(undefined, { environment, texts: Object.fromEntries(texts) })
}

async function outcome(fixture: Fixture): Promise<Outcome> {
  try {
    const { credential, region, tenancy } = await resourcePrincipal(fixture)
    return { keyId: keyIdOf(await credential(anyRequest())) ?? '', region: region?.id, tenancy }
  } catch (error) {
    assert.ok(error instanceof Error && 'reason' in error)
    return String(error.reason)
  }
}

function tokenAt(time: number): string {
  return jwt({ iat: time / 1000, exp: time / 1000 + 3600 })
}
