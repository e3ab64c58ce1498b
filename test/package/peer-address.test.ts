import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { peerAddressOf } from '../../src/package/peer-address.ts'

const request = new Request('http://localhost/')
const bun = {
  address: '10.0.0.3',
  requestIP(asked: Request) {
    return asked === request ? { address: this.address } : null
  },
}

const cases: [name: string, env: unknown, address: string | undefined][] = [
  ['@hono/node-server', { incoming: { socket: { remoteAddress: '10.0.0.1' } } }, '10.0.0.1'],
  ['Deno', { remoteAddr: { transport: 'tcp', hostname: '10.0.0.2', port: 1 } }, '10.0.0.2'],
  ['Bun', bun, '10.0.0.3'],
  ['Bun with the server in an object', { server: bun }, '10.0.0.3'],
  ['a socket that is closed', { incoming: { socket: {} } }, undefined],
  ['a test', {}, undefined],
  ['no bindings', undefined, undefined],
]

describe('peerAddressOf()', () => {
  for (const [name, env, address] of cases) {
    it(`reads the bindings of ${name}`, () => {
      assert.equal(peerAddressOf(env, request), address)
    })
  }

  it('is undefined for a request that Bun did not receive', () => {
    assert.equal(peerAddressOf(bun, new Request('http://localhost/')), undefined)
  })
})
