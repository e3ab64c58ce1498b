import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { replyHeaders, safeHeader } from '../../src/middleware/reply-headers.ts'
import { anyCharacter } from '../characters.ts'

const values: [name: string, value: string, safe: string][] = [
  ['keeps plain text', 'A/B: "c"; ~', 'A/B: "c"; ~'],
  ['Z05 lets nobody begin a new header', 'a\r\nset-cookie: b', 'a??set-cookie: b'],
  ['Z05 replaces what is no ASCII', 'é\u0000\t', '???'],
  ['cuts what is too long', 'x'.repeat(3_000), 'x'.repeat(2_000)],
]

describe('safeHeader()', () => {
  for (const [name, value, safe] of values) {
    it(name, () => assert.equal(safeHeader(value), safe))
  }

  it('Z05 gives what every runtime takes, whatever it gets', () => {
    fc.assert(fc.property(fc.string({ unit: anyCharacter }), (value) => {
      const headers = new Headers({ x: safeHeader(value) })
      assert.equal(headers.get('x'), safeHeader(value).trim())
    }))
  })
})

const answers: [name: string, answer: Parameters<typeof replyHeaders>[0], headers: object][] = [
  ['says nothing where there is nothing to say', { warnings: [] }, {}],
  ["R14 names OCI's call", { opcRequestId: 'A/B', warnings: [] }, { 'opc-request-id': 'A/B' }],
  ['lists warnings', { warnings: ['seed: left out', 'foo: not known'] }, {
    'x-oci-gateway-warnings': 'seed: left out; foo: not known',
  }],
  ['Z05 makes both safe', { opcRequestId: 'A\nB', warnings: ['ü\r'] }, {
    'opc-request-id': 'A?B',
    'x-oci-gateway-warnings': '??',
  }],
]

describe('replyHeaders()', () => {
  for (const [name, answer, headers] of answers) {
    it(name, () => assert.deepEqual(replyHeaders(answer), headers))
  }
})
