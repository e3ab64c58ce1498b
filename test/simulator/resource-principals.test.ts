import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { readClaims } from '../../src/simulator/tokens/jwt.ts'
import type { Signer } from './caller.ts'
import {
  createCredentialWorld,
  createSessionKey,
  type CredentialWorld,
  federation,
  tryChat,
  verdictOf,
} from './tokens/credential-world.ts'

const SECOND = '/v1/resourcePrincipalSessionToken'

describe('resourcePrincipals()', () => {
  let world: CredentialWorld
  let signer: Signer
  before(async () => {
    world = await createCredentialWorld()
    const { key, publicKey } = await createSessionKey()
    const { body, call } = await federation(world, publicKey)
    const { token } = await (await world.post('/v1/x509', body, call)).json()
    signer = { keyId: `ST$${token}`, key }
  })

  it('gives an instance two tokens, and for them the session of its resource', async () => {
    const tokens = await first(world, signer, world.instance.id)
    const { key, publicKey } = await createSessionKey()
    const body = { ...await tokens.json(), sessionPublicKey: publicKey }
    const { token } = await (await world.post(SECOND, body, { signer })).json()
    const { res_id, res_tenant, ttype } = readClaims(token) ?? {}
    const { id, tenancy } = world.instance
    assert.deepEqual([res_id, res_tenant, ttype], [id, tenancy, 'res_sp'])
    assert.equal((await tryChat(world, { keyId: `ST$${token}`, key })).status, 200)
  })

  it('gives nobody the tokens of another', async () => {
    const response = await first(world, signer, 'ocid1.instance.oc1..other')
    assert.deepEqual(verdictOf(world, response), [
      404,
      '"ocid1.instance.oc1..other" is not the caller',
    ])
  })

  it('wants each token in its place', async () => {
    const { resourcePrincipalToken } = await (await first(world, signer, world.instance.id)).json()
    const { publicKey } = await createSessionKey()
    const body = {
      resourcePrincipalToken,
      servicePrincipalSessionToken: resourcePrincipalToken,
      sessionPublicKey: publicKey,
    }
    const swapped = await world.post(SECOND, body, { signer })
    assert.deepEqual(verdictOf(world, swapped), [401, 'tokens of another kind'])
    const forged = await world.post(SECOND, { ...body, resourcePrincipalToken: 'a.b.c' }, {
      signer,
    })
    assert.deepEqual(verdictOf(world, forged), [401, 'unknown token'])
  })
})

async function first(
  { send, now }: CredentialWorld,
  signer: Signer,
  id: string,
): Promise<Response> {
  const path = `/20180711/resourcePrincipalToken/${id}`
  return await send({ method: 'GET', path, signer, date: now() })
}
