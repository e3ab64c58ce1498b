import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createDemoIdentity } from '../../src/simulator/identity.ts'

const OCID = /^ocid1\.(?:tenancy|user|compartment)\.oc1\.\.aaaaaaaasimulator[a-z2-7]{43}$/

describe('createDemoIdentity()', () => {
  it('creates all values of a configuration', async () => {
    const identity = await createDemoIdentity()
    const { tenancy, user, compartment, fingerprint } = identity
    assert.match(fingerprint, /^(?:[0-9a-f]{2}:){15}[0-9a-f]{2}$/)
    assert.ok([tenancy, user, compartment].every((id) => OCID.test(id)))
    assert.match(identity.privateKey, /^-----BEGIN PRIVATE KEY-----\n(?:[A-Za-z0-9+/=]{1,64}\n)+/)
    assert.deepEqual([...identity.publicKeys.keys()], [`${tenancy}/${user}/${fingerprint}`])
  })

  it('creates a new key each time', async () => {
    const [one, other] = await Promise.all([createDemoIdentity(), createDemoIdentity()])
    assert.notEqual(one.fingerprint, other.fingerprint)
  })
})
