import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { ApiError } from '../../../src/errors.ts'
import { decodeHex, encodeHex } from '../../../src/oci/signing/bytes.ts'
import {
  childrenOf,
  contentOf,
  numberOf,
  objectIdOf,
  readDer,
  TAG,
  writeDer,
} from '../../../src/oci/signing/der.ts'

const malformed: [name: string, hex: string][] = [
  ['empty input', ''],
  ['a tag alone', '30'],
  ['truncated content', '3003 0201'],
  ['a truncated length', '3082 01'],
  ['a second element', '0500 0500'],
  ['an indefinite length', '3080 0500 0000'],
  ['five length bytes', '3085 0000000001 00'],
  ['a length of 4 GB', '0484 ffffffff 00'],
  ['a tag of several bytes', '1f8101 00'],
]

const numbers: [hex: string, value: number][] = [
  ['020100', 0],
  ['02020800', 2048],
  ['02030186a0', 100_000],
  ['02020080', 128],
]

const notNumbers = ['0200', '020180', '0208 7fffffffffffffff', '0401 00']

const objectIds: [hex: string, dotted: string][] = [
  ['06092a864886f70d010101', '1.2.840.113549.1.1.1'],
  ['060960864801650304012a', '2.16.840.1.101.3.4.1.42'],
  ['06032b6570', '1.3.101.112'],
  ['0602883703'.slice(0, 8), '2.999'],
]

describe('readDer()', () => {
  for (const [name, hex] of malformed) {
    it(`rejects ${name}`, () => {
      assert.throws(() => readDer(bytes(hex)), { name: 'ApiError', reason: 'bad_der' })
    })
  }

  it('reads any bytes or throws bad_der', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), (random) => {
      try {
        readDer(new Uint8Array(random))
      } catch (error) {
        assert.ok(error instanceof ApiError && error.reason === 'bad_der')
      }
    }))
  })

  it('reads what writeDer() wrote, at any length', () => {
    for (const length of [0, 1, 127, 128, 255, 256, 65_535, 65_536]) {
      const content = new Uint8Array(length).fill(7)
      const element = readDer(writeDer(TAG.octetString, content))
      assert.deepEqual([element.tag, element.content], [TAG.octetString, content])
    }
  })
})

describe('childrenOf()', () => {
  it('returns the elements of a sequence', () => {
    const children = childrenOf(readDer(bytes('3007 020100 0402abcd')))
    assert.deepEqual(children.map(({ encoded }) => encodeHex(encoded)), ['020100', '0402abcd'])
  })
})

describe('contentOf()', () => {
  it('rejects another type and a missing element', () => {
    assert.throws(() => contentOf(readDer(bytes('0500')), TAG.sequence), { reason: 'bad_der' })
    assert.throws(() => contentOf(undefined, TAG.sequence), { reason: 'bad_der' })
  })
})

describe('numberOf()', () => {
  for (const [hex, value] of numbers) {
    it(`reads ${hex} as ${value}`, () => assert.equal(numberOf(readDer(bytes(hex))), value))
  }
  for (const hex of notNumbers) {
    it(`rejects ${hex}`, () => {
      assert.throws(() => numberOf(readDer(bytes(hex))), { reason: 'bad_der' })
    })
  }
})

describe('objectIdOf()', () => {
  for (const [hex, dotted] of objectIds) {
    it(`reads ${dotted}`, () => assert.equal(objectIdOf(readDer(bytes(hex))), dotted))
  }
})

function bytes(hex: string) {
  return decodeHex(hex.replaceAll(' ', '')) ?? assert.fail(`"${hex}" is not hexadecimal`)
}
