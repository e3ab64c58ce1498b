import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isLoopback } from '../src/loopback.ts'

const hosts: [host: string, isLocal: boolean][] = [
  ['localhost', true],
  ['sim.localhost', true],
  ['127.0.0.1', true],
  ['127.1.2.3', true],
  ['::1', true],
  ['[::1]', true],
  ['::ffff:127.0.0.1', true],
  ['.localhost', false],
  ['notlocalhost', false],
  ['0.0.0.0', false],
  ['127.0.0.1234', false],
  ['::ffff:127.0.0.1234', false],
  ['::', false],
  ['', false],
  ['10.0.0.1', false],
  ['127.example.com', false],
  ['127.0.0.1.example.com', false],
  ['localhost.example.com', false],
]

describe('isLoopback()', () => {
  for (const [host, isLocal] of hosts) {
    it(`${isLocal ? 'accepts' : 'rejects'} "${host}"`, () => {
      assert.equal(isLoopback(host), isLocal)
    })
  }
})
