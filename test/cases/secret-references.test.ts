import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openGateway } from '../../src/entry/gateway.ts'
import keys from '../vectors/keys.json' with { type: 'json' }
import { TENANCY, USER } from './gateway.ts'

const { pkcs8Pem, fingerprint } = keys.keys.rsa2048
const SECRET = 'ocid1.vaultsecret.oc1.iad.aaaa'
const CREDENTIAL = {
  OCI_CLI_TENANCY: TENANCY,
  OCI_CLI_USER: USER,
  OCI_CLI_FINGERPRINT: fingerprint,
  OCI_CLI_REGION: 'us-chicago-1',
}

/** Opens a gateway with files for its secrets, and a vault that answers with `vault-key`. */
async function open(env: Record<string, string>) {
  const calls: { url: string; authorization: string | null }[] = []
  const files = new Map([['/run/keys', 'file-key,other-key\n'], ['/run/private', pkcs8Pem]])
  const { app } = await openGateway({
    env: { ...CREDENTIAL, OCI_CLI_KEY_CONTENT: 'file:/run/private', ...env },
    files: { home: '/home/me', read: (path) => Promise.resolve(files.get(path)) },
    fetch(url, init) {
      const authorization = new Headers(init.headers).get('authorization')
      calls.push({ url, authorization })
      const content = { contentType: 'BASE64', content: btoa('vault-key') }
      return Promise.resolve(Response.json({ secretBundleContent: content }))
    },
  })
  const statusWith = async (key: string) => {
    const headers = { authorization: `Bearer ${key}` }
    return (await app.request('/v1/models/none', { headers })).status
  }
  return { calls, statusWith }
}

describe('secrets by reference', () => {
  it('accepts each key of a file, and not the reference', async () => {
    const { statusWith } = await open({ GATEWAY_API_KEYS: 'file:/run/keys,plain-key' })
    for (const key of ['file-key', 'other-key', 'plain-key']) {
      assert.notEqual(await statusWith(key), 401, key)
    }
    assert.equal(await statusWith('file:/run/keys'), 401)
  })

  it('reads the vault with a signed call', async () => {
    const { calls, statusWith } = await open({ GATEWAY_API_KEYS: `vault://${SECRET}` })
    const [{ url, authorization } = { url: '', authorization: '' }] = calls
    assert.match(url, new RegExp(`^https://secrets\\.vaults\\.us-ashburn-1\\..*/${SECRET}$`))
    assert.match(authorization ?? '', /^Signature version="1",keyId="ocid1\.tenancy/)
    assert.notEqual(await statusWith('vault-key'), 401)
  })

  it('does not start without a referenced secret', async () => {
    await assert.rejects(open({ GATEWAY_API_KEYS: 'file:/run/none' }), {
      code: 'configuration_error',
      message: 'Cannot read access.apiKeys from file:/run/none: the file does not exist',
    })
  })
})
