import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { AuthDependencies } from '../../../src/oci/auth/dependencies.ts'
import { resourcePrincipal } from '../../../src/oci/auth/resource-principal.ts'
import keys from '../../vectors/keys.json' with { type: 'json' }
import vectors from '../../vectors/resource-principal.json' with { type: 'json' }
import { anyRequest, createWorld, jwt, keyIdOf, MINUTE, NOW, type World } from './world.ts'

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

/** What ours makes of the cases in which the official SDK fails, or is wrong. */
const OURS = new Map<string, Outcome>([
  ['missing-version', 'missing_variable'],
  ['missing-pem', 'missing_variable'],
  ['missing-rpst', 'missing_variable'],
  ['missing-region', 'missing_variable'],
  ['version-1.1', 'missing_variable'],
  ['version-3.0', 'rp_version_unsupported'],
  ['mixed-key-path-passphrase-content', 'mixed_settings'],
  // A text that has expired is used there until OCI refuses it.
  ['expired-content-token', 'token_expired'],
])

type Outcome = string | { keyId: string; region: string | undefined; tenancy: string | undefined }

describe('resourcePrincipal()', () => {
  for (const vector of vectors.vectors) {
    it(`A16 takes ${vector.id} as Oracle's own SDK does, or better`, async () => {
      const official = vector.officialTypeScriptSdk
      const expected = OURS.get(vector.id) ?? {
        // A newline at the end of a token must not get into the key id; nor is a region lost.
        keyId: official.keyId?.trim(),
        region: official.region ?? vector.env[`${P}REGION` as keyof typeof vector.env],
        tenancy: official.res_tenant ?? 'ocid1.tenancy.oc1..testvectortenancy',
      }
      assert.deepEqual(await outcome(worldOf(vector.env)), expected)
    })
  }

  it('A16 reads token and key again when OCI has replaced them', async () => {
    const [first, second] = [tokenAt(NOW), tokenAt(NOW + 50 * MINUTE)]
    const world = createWorld(undefined, {
      environment: PATHS,
      texts: { [TOKEN]: first, [KEY]: rsa2048.pkcs8Pem },
    })
    const { credential } = await resourcePrincipal(world)
    assert.equal(keyIdOf(await credential(anyRequest())), `ST$${first}`)
    world.texts.set(TOKEN, `${second}\n`).set(KEY, rsa3072.pkcs8Pem)
    world.pass(59 * MINUTE)
    const headers = await credential(anyRequest())
    assert.equal(keyIdOf(headers), `ST$${second}`)
    assert.match(headers['authorization'] ?? '', /signature="[\w+/]{512}"/)
  })

  it('A16 reads them again when OCI refuses the token', async () => {
    const [first, second] = [tokenAt(NOW), tokenAt(NOW + 1000)]
    const world = createWorld(undefined, {
      environment: PATHS,
      texts: { [TOKEN]: first, [KEY]: rsa2048.pkcs8Pem },
    })
    const { credential } = await resourcePrincipal(world)
    world.texts.set(TOKEN, second)
    assert.equal(keyIdOf(await credential(anyRequest({ renew: true }))), `ST$${second}`)
  })

  it('uses the token while OCI has not replaced it, and says when it has ended', async () => {
    const token = tokenAt(NOW)
    const world = createWorld(undefined, {
      environment: PATHS,
      texts: { [TOKEN]: token, [KEY]: rsa2048.pkcs8Pem },
    })
    const { credential } = await resourcePrincipal(world)
    world.pass(60 * MINUTE - 1)
    assert.equal(keyIdOf(await credential(anyRequest())), `ST$${token}`)
    world.pass(1)
    await assert.rejects(credential(anyRequest()), {
      code: 'upstream_auth_error',
      reason: 'token_expired',
      message: /its file has a token that has expired: OCI has not replaced it/,
    })
  })

  it('says that a text is never replaced', async () => {
    const environment = {
      ...PATHS,
      [`${P}RPST`]: jwt({ exp: NOW / 1000 - 1 }),
      [`${P}PRIVATE_PEM`]: rsa2048.pkcs8Pem,
    }
    await assert.rejects(resourcePrincipal(createWorld(undefined, { environment })), {
      code: 'upstream_auth_error',
      reason: 'token_expired',
      message: /a text is never replaced\. Give .* as paths/,
    })
  })

  it('says which file is missing', async () => {
    await assert.rejects(resourcePrincipal(createWorld(undefined, { environment: PATHS })), {
      code: 'configuration_error',
      reason: 'file_missing',
      message: `Cannot use ${P}RPST: there is no file "${TOKEN}"`,
    })
  })

  it('names all variables that are missing', async () => {
    const environment = { [`${P}VERSION`]: '2.2' }
    await assert.rejects(resourcePrincipal(createWorld(undefined, { environment })), {
      message:
        `Cannot use the resource principal: ${P}RPST, ${P}PRIVATE_PEM, ${P}REGION are not set`,
    })
  })
})

/** Files for the values that the vectors say stand in files. */
function worldOf(env: Record<string, string | undefined>): World {
  const named = Object.entries(env).map(([name, value = '']) =>
    value.startsWith('FILE:')
      ? { name, value: `/run/${name}`, text: value.slice(5) }
      : { name, value, text: undefined }
  )
  const texts = named.flatMap(({ value, text }) => text === undefined ? [] : [[value, text]])
  const environment: AuthDependencies['environment'] = Object.fromEntries(
    named.map(({ name, value }) => [name, value]),
  )
  return createWorld(undefined, { environment, texts: Object.fromEntries(texts) })
}

async function outcome(world: World): Promise<Outcome> {
  try {
    const { credential, region, tenancy } = await resourcePrincipal(world)
    return { keyId: keyIdOf(await credential(anyRequest())) ?? '', region: region?.id, tenancy }
  } catch (error) {
    assert.ok(error instanceof Error && 'reason' in error)
    return String(error.reason)
  }
}

function tokenAt(time: number): string {
  return jwt({ iat: time / 1000, exp: time / 1000 + 3600 })
}
