import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { decodePem, readPem } from '../../../src/oci/signing/pem.ts'

const plain = '-----BEGIN X-----\nAQID\nBAUG\n-----END X-----\n'
const withHeaders = '-----BEGIN X-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00FF\n\n' +
  'AQID\n-----END X-----\n'
const headers = new Map([['Proc-Type', '4,ENCRYPTED'], ['DEK-Info', 'AES-128-CBC,00FF']])

const forms: [name: string, text: string][] = [
  ['LF', plain],
  ['CRLF', plain.replaceAll('\n', '\r\n')],
  ['CR alone', plain.replaceAll('\n', '\r')],
  ['spaces for newlines', plain.replaceAll('\n', ' ')],
  ['literal backslash-n', plain.replaceAll('\n', '\\n')],
  ['literal backslash-r backslash-n', plain.replaceAll('\n', '\\r\\n')],
  ['double quotes', `"${plain.replaceAll('\n', '\\n')}"`],
  ['single quotes', `' ${plain}'`],
  ['a byte order mark', `\uFEFF${plain}`],
  ['indentation', plain.replace(/^/gm, '\t  ')],
  ['text before and after', `Bag Attributes\n  friendlyName: k\n${plain}OCI_API_KEY`],
  ['a second block', plain + withHeaders],
  ['base64 around it', btoa(plain)],
]

describe('readPem()', () => {
  for (const [name, text] of forms) {
    it(`A09 reads ${name}`, () => {
      assert.deepEqual(readPem(text), { label: 'X', headers: new Map(), body: 'AQIDBAUG' })
    })
  }

  it('reads the headers, also where newlines became spaces', () => {
    const block = { label: 'X', headers, body: 'AQID' }
    assert.deepEqual(readPem(withHeaders), block)
    assert.deepEqual(readPem(withHeaders.replace(/\s+/g, ' ')), block)
  })

  it('rejects a block without its END line or with the END line of another', () => {
    assert.throws(() => readPem('-----BEGIN X-----\nAQID'), { reason: 'truncated' })
    assert.throws(() => readPem(plain.replace('END X', 'END Y')), { reason: 'truncated' })
  })

  for (const text of ['', 'hello', 'AQID', '-----BEGIN -----', '/path/to/key.pem']) {
    it(`finds no PEM in "${text}"`, () => {
      assert.throws(() => readPem(text), { reason: 'no_pem' })
    })
  }
})

describe('decodePem()', () => {
  it('decodes the body', () => {
    assert.deepEqual(decodePem(readPem(plain)), Uint8Array.of(1, 2, 3, 4, 5, 6))
  })

  for (const body of ['AQI', 'AQ*=', 'AQ==AQ==', 'AQ-_']) {
    it(`rejects "${body}"`, () => {
      assert.throws(() => decodePem({ label: 'X', headers, body }), { reason: 'bad_der' })
    })
  }
})
