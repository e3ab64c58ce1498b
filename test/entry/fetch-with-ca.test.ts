import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { fetchWithCa } from '../../src/entry/fetch-with-ca.ts'
import { type AuthCall, callAuth } from '../../src/oci/auth/call.ts'
import { okeWorkloadIdentity } from '../../src/oci/auth/oke-workload-identity.ts'
import { anyRequest, createFixture, jwt, keyIdOf } from '../oci/auth/fixture.ts'

const [certificate, key, authority, otherAuthority] = await Promise.all(
  ['server', 'server-key', 'ca', 'other-ca'].map((name) =>
    readFile(new URL(`../fixtures/tls/${name}.pem`, import.meta.url), 'utf8')
  ),
)
assert.ok(certificate && key && authority && otherAuthority)

const TOKEN = jwt({ sub: 'workload' })
const ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount'

const seen: string[] = []
const server = createServer({ cert: certificate, key }, (request, response) => {
  let body = ''
  request.on('data', (bytes: Uint8Array) => body += String(bytes))
  request.on('end', () => {
    seen.push(`${request.method} ${request.url} ${request.headers.authorization} ${body}`)
    if (request.url === '/silent') return
    response.writeHead(request.url === '/moved' ? 302 : 200, { location: '/elsewhere' })
    response.end(JSON.stringify(btoa(JSON.stringify({ token: `ST$${TOKEN}` }))))
  })
})

describe('fetchWithCa()', () => {
  before(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve())))
  after(() => {
    server.closeAllConnections?.()
    server.close()
  })

  it('sends to a server whose certificate the authority signed', async () => {
    const body = new TextEncoder().encode('{"a":"é"}')
    const init = { method: 'POST', headers: { authorization: 'Bearer x' }, body }
    const response = await fetchWithCa(address('/a?b'), init, authority)
    assert.equal(response.status, 200)
    assert.match(await response.text(), /^"ey/)
    assert.equal(seen.at(-1), 'POST /a?b Bearer x {"a":"é"}')
  })

  it('follows no redirect', async () => {
    assert.equal((await fetchWithCa(address('/moved'), {}, authority)).status, 302)
    assert.match(seen.at(-1) ?? '', /^GET \/moved /)
  })

  it('sends nothing to a server of another authority', async () => {
    const before = seen.length
    await assert.rejects(fetchWithCa(address('/a'), {}, otherAuthority))
    assert.equal(seen.length, before)
  })

  it('rejects when its signal is aborted', async () => {
    const signal = AbortSignal.timeout(50)
    await assert.rejects(fetchWithCa(address('/silent'), { signal }, authority))
  })

  it('reports a timeout, not a failed connection', async () => {
    const call: AuthCall = {
      action: 'get it',
      method: 'GET',
      url: new URL(address('/silent')),
      advise: () => ({ advice: 'Do this' }),
      fetch: (url, init) => fetchWithCa(url, init, authority),
      timeout: 50,
    }
    await assert.rejects(callAuth(call, createFixture()), { reason: 'timeout' })
  })

  it('A17 gets the token of a workload from its cluster', async () => {
    const { credential } = await okeWorkloadIdentity(workload(authority))
    assert.equal(keyIdOf(await credential(anyRequest())), `ST$${TOKEN}`)
    assert.match(seen.at(-1) ?? '', /^POST \/resourcePrincipalSessionTokens Bearer account /)
  })

  it('A17 reports a cluster whose certificate another authority signed', async () => {
    await assert.rejects(okeWorkloadIdentity(workload(otherAuthority)), {
      code: 'upstream_auth_error',
      reason: 'untrusted_authority',
      message: /The cluster's certificate is not signed by the authority in OCI_KUBERNETES_SERV/,
    })
  })
})

function address(path: string): string {
  return `https://127.0.0.1:${port()}${path}`
}

function port(): number {
  // A server that listens on a port has an address with one.
  return (server.address() as AddressInfo).port
}

function workload(ca: string) {
  return createFixture(undefined, {
    environment: {
      KUBERNETES_SERVICE_HOST: '127.0.0.1',
      KUBERNETES_SERVICE_PORT_PROXYMUX: String(port()),
    },
    texts: { [`${ACCOUNT}/token`]: 'account\n', [`${ACCOUNT}/ca.crt`]: ca },
    fetchWithCa,
  })
}
