import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { readClaims } from '../../src/simulator/tokens/jwt.ts'
import type { Signer } from './caller.ts'
import {
  createCredentialServices,
  createSessionKey,
  type CredentialServices,
  federation,
  tryChat,
  verdictOf,
} from './tokens/credential-services.ts'

const SECOND = '/v1/resourcePrincipalSessionToken'

describe('resourcePrincipals()', () => {
  let services: CredentialServices
  let signer: Signer
  before(async () => {
    services = await createCredentialServices()
    const { key, publicKey } = await createSessionKey()
    const { body, call } = await federation(services, publicKey)
    const { token } = await (await services.post('/v1/x509', body, call)).json()
    signer = { keyId: `ST$${token}`, key }
  })

  it('issues two tokens to an instance and exchanges them for a session token', async () => {
    const tokens = await first(services, signer, services.instance.id)
    const { key, publicKey } = await createSessionKey()
    const body = { ...await tokens.json(), sessionPublicKey: publicKey }
    const { token } = await (await services.post(SECOND, body, { signer })).json()
    const { res_id, res_tenant, ttype } = readClaims(token) ?? {}
    const { id, tenancy } = services.instance
    assert.deepEqual([res_id, res_tenant, ttype], [id, tenancy, 'res_sp'])
    assert.equal((await tryChat(services, { keyId: `ST$${token}`, key })).status, 200)
  })

  it('does not issue tokens of another instance', async () => {
    const response = await first(services, signer, 'ocid1.instance.oc1..other')
    assert.deepEqual(verdictOf(services, response), [
      404,
      '"ocid1.instance.oc1..other" is not the caller',
    ])
  })

  it('rejects swapped tokens', async () => {
    const { resourcePrincipalToken } = await (await first(services, signer, services.instance.id))
      .json()
    const { publicKey } = await createSessionKey()
    const body = {
      resourcePrincipalToken,
      servicePrincipalSessionToken: resourcePrincipalToken,
      sessionPublicKey: publicKey,
    }
    const swapped = await services.post(SECOND, body, { signer })
    assert.deepEqual(verdictOf(services, swapped), [401, 'tokens of another kind'])
    const forged = await services.post(SECOND, { ...body, resourcePrincipalToken: 'a.b.c' }, {
      signer,
    })
    assert.deepEqual(verdictOf(services, forged), [401, 'unknown token'])
  })
})

async function first(
  { send, now }: CredentialServices,
  signer: Signer,
  id: string,
): Promise<Response> {
  const path = `/20180711/resourcePrincipalToken/${id}`
  return await send({ method: 'GET', path, signer, date: now() })
}
