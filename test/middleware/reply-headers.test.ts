import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { replyHeaders, safeHeader } from '../../src/middleware/reply-headers.ts'
import { anyCharacter } from '../characters.ts'

const values: [name: string, value: string, safe: string][] = [
  ['keeps plain text', 'A/B: "c"; ~', 'A/B: "c"; ~'],
  [
    'Z05 replaces line breaks, which would start a new header',
    'a\r\nset-cookie: b',
    'a??set-cookie: b',
  ],
  ['Z05 replaces control characters and non-ASCII', 'é\u0000\t', '???'],
  ['truncates a long value', 'x'.repeat(3_000), 'x'.repeat(2_000)],
]

describe('safeHeader()', () => {
  for (const [name, value, safe] of values) {
    it(name, () => assert.equal(safeHeader(value), safe))
  }

  it('Z05 returns a value that every runtime accepts, for any input', () => {
    fc.assert(fc.property(fc.string({ unit: anyCharacter }), (value) => {
      const headers = new Headers({ x: safeHeader(value) })
      assert.equal(headers.get('x'), safeHeader(value).trim())
    }))
  })
})

const answers: [name: string, answer: Parameters<typeof replyHeaders>[0], headers: object][] = [
  ['has no headers without metadata', { warnings: [] }, {}],
  ["R14 has OCI's request id", { opcRequestId: 'A/B', warnings: [] }, { 'opc-request-id': 'A/B' }],
  ['lists warnings', { warnings: ['seed: left out', 'foo: not known'] }, {
    'x-oci-gateway-warnings': 'seed: left out; foo: not known',
  }],
  ['Z05 makes all values safe', { opcRequestId: 'A\nB', warnings: ['ü\r'] }, {
    'opc-request-id': 'A?B',
    'x-oci-gateway-warnings': '??',
  }],
]

describe('replyHeaders()', () => {
  for (const [name, answer, headers] of answers) {
    it(name, () => assert.deepEqual(replyHeaders(answer), headers))
  }
})
