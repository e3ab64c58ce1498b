import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { rejectWebAddress } from '../../src/openai/web-address.ts'

const REFUSED = [
  'https://example.com/a.png',
  'https://example.com/?data:image/png;base64,AAAA',
  'http://169.254.169.254/opc/v2/',
  'file:///etc/passwd',
  'data:text/plain;base64,YQ==',
  'iVBORw0KGgo=',
  '',
]

describe('rejectWebAddress()', () => {
  it('accepts a data URL', () => {
    for (const url of ['data:image/png;base64,AAAA', 'DATA:IMAGE/JPEG;base64,AAAA']) {
      rejectWebAddress(url, 'input')
    }
  })

  for (const url of REFUSED) {
    it(`rejects "${url}"`, () => {
      assert.throws(() => rejectWebAddress(url, 'input[3]'), {
        code: 'unsupported_content',
        param: 'input[3]',
      })
    })
  }
})
