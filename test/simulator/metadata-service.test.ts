import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { createInstance } from '../../src/simulator/x509/instance.ts'
import { createCaller } from './caller.ts'
import { createCredentialServices, type CredentialServices } from './tokens/credential-services.ts'

const BASE = 'http://169.254.169.254/opc/v2'
const ORACLE = { authorization: 'Bearer Oracle' }
const REGION = {
  realmKey: 'oc1',
  realmDomainComponent: 'oraclecloud.com',
  regionKey: 'ORD',
  regionIdentifier: 'us-chicago-1',
}

describe('metadataService()', () => {
  let services: CredentialServices
  before(async () => {
    services = await createCredentialServices()
  })

  it('A15 returns the instance metadata that the SDKs read', async () => {
    const { id, certificates } = services.instance
    const paths = ['instance/id', 'instance/region', 'identity/cert.pem', 'identity/key.pem']
      .concat('identity/intermediate.pem')
    const texts = paths.map(async (path) => await (await get(services, path)).text())
    const { certPem, keyPem, intermediatePem } = certificates
    assert.deepEqual(
      await Promise.all(texts),
      [id, 'us-chicago-1', certPem, keyPem, intermediatePem],
    )
    assert.deepEqual(await (await get(services, 'instance/regionInfo')).json(), REGION)
  })

  it('rejects requests without its header', async () => {
    for (const headers of [{}, { authorization: 'Bearer oracle' }]) {
      assert.equal((await get(services, 'instance/region', headers)).status, 401)
    }
  })

  it('returns 404 for other paths', async () => {
    assert.equal((await get(services, 'instance/secrets')).status, 404)
    const { fetch } = await createCaller()
    const alone = await fetch(new Request(`${BASE}/instance/region`, { headers: ORACLE }))
    assert.equal(alone.status, 404)
  })

  it('returns the short region name without region info', async () => {
    const instance = await createInstance({ region: { name: 'iad', info: undefined } })
    const { fetch } = await createCaller({ instance })
    const ask = async (path: string) =>
      await fetch(new Request(`${BASE}/${path}`, { headers: ORACLE }))
    assert.equal(await (await ask('instance/region')).text(), 'iad')
    assert.equal((await ask('instance/regionInfo')).status, 404)
  })

  it('returns the new certificates after a rotation', async () => {
    const before = await (await get(services, 'identity/key.pem')).text()
    await services.instance.rotate()
    assert.notEqual(await (await get(services, 'identity/key.pem')).text(), before)
  })

  it('K4 delays and fails calls as configured', async () => {
    const other = await createCredentialServices()
    Object.assign(other.behaviors.metadata, { failures: 1, status: 429, delay: 20 })
    const begun = performance.now()
    assert.equal((await get(other, 'instance/region')).status, 429)
    assert.ok(performance.now() - begun >= 15)
    assert.equal((await get(other, 'instance/region')).status, 200)
    assert.equal(other.behaviors.metadata.calls, 2)
  })
})

async function get(
  { fetch }: CredentialServices,
  path: string,
  headers: Record<string, string> = ORACLE,
): Promise<Response> {
  return await fetch(new Request(`${BASE}/${path}`, { headers }))
}
