import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  createResourceIdentity,
  createSessionIdentity,
} from '../../src/simulator/session-identity.ts'
import { createTokenIssuer } from '../../src/simulator/tokens/issuer.ts'
import { readClaims } from '../../src/simulator/tokens/jwt.ts'
import { createCaller, NOW } from './caller.ts'
import {
  createCredentialServices,
  holderOf,
  tryChat,
  verdictOf,
} from './tokens/credential-services.ts'

describe('createSessionIdentity()', () => {
  it('A12 creates a user who is authenticated by the token', async () => {
    const services = await createCredentialServices()
    const holder = await holderOf(services.session)
    assert.equal(services.session.keyId, holder.keyId)
    assert.deepEqual(verdictOf(services, await tryChat(services, holder)), [200])
  })

  it('issues a token with its session and expiry', async () => {
    const issuer = createTokenIssuer({ now: () => NOW })
    const options = { now: () => NOW, lifetime: 300, session: 3_600 }
    const identity = await createSessionIdentity(issuer, options)
    const { jti: _jti, jwk: _jwk, ...claims } = readClaims(identity.token) ?? {}
    assert.deepEqual(claims, {
      ...{ sub: identity.user, tenant: identity.tenancy, ttype: 'login', ptype: 'user' },
      ...{ sess_exp: 'Sun, 22 Nov 2026 13:00:00 UTC' },
      ...{ iss: 'authService.oracle.com', aud: 'oci', iat: NOW / 1000, exp: NOW / 1000 + 300 },
    })
  })

  it('is unknown to another issuer', async () => {
    const stranger = await createSessionIdentity(createTokenIssuer({ now: () => NOW }))
    const services = await createCredentialServices()
    const response = await tryChat(services, await holderOf(stranger))
    assert.deepEqual(verdictOf(services, response), [401, 'unknown token'])
  })

  it('rejects another tenancy', async () => {
    const services = await createCredentialServices()
    const signer = await holderOf(services.session)
    const ask = async (compartment: string) => {
      const path = `/20231130/models?compartmentId=${compartment}`
      return (await services.send({ path, method: 'GET', signer })).status
    }
    assert.equal(await ask(services.session.tenancy), 200)
    assert.equal(await ask('ocid1.tenancy.oc1..other'), 404)
  })
})

describe('createResourceIdentity()', () => {
  it('A16 describes its identity in its environment', async () => {
    const issuer = createTokenIssuer({ now: () => NOW })
    const { environment, token, privateKey, keyId } = await createResourceIdentity(issuer)
    assert.deepEqual(environment, {
      OCI_RESOURCE_PRINCIPAL_VERSION: '2.2',
      OCI_RESOURCE_PRINCIPAL_RPST: token,
      OCI_RESOURCE_PRINCIPAL_PRIVATE_PEM: privateKey,
      OCI_RESOURCE_PRINCIPAL_REGION: 'us-chicago-1',
    })
    const caller = await createCaller({ issuer })
    const { key } = await holderOf({ ...caller.identity, token, privateKey })
    const path = '/20231130/models?compartmentId=ocid1.compartment.oc1..a'
    assert.equal((await caller.send({ path, method: 'GET', signer: { keyId, key } })).status, 200)
  })
})
