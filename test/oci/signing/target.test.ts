import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { prepareTarget } from '../../../src/oci/signing/target.ts'

const prepared: [url: string, href: string][] = [
  ['https://a.b/c?d=%2F#e', 'https://a.b/c?d=%2F'],
  ['https://a.b/c#', 'https://a.b/c'],
  ['https://a.b/c?', 'https://a.b/c'],
  ['https://a.b/c?#', 'https://a.b/c'],
  ['https://a.b/c??', 'https://a.b/c??'],
  ['https://a.b/c?d=e?', 'https://a.b/c?d=e?'],
  ['http://localhost:8050/c', 'http://localhost:8050/c'],
  ['http://sim.localhost/c', 'http://sim.localhost/c'],
  ['http://127.0.0.1:1/c', 'http://127.0.0.1:1/c'],
  ['http://127.1/c', 'http://127.0.0.1/c'],
  ['http://[::1]:1/c', 'http://[::1]:1/c'],
]

const invalid: [url: string, reason: string][] = [
  ['http://a.b/c', 'insecure_url'],
  ['http://127.0.0.1.a.b/c', 'insecure_url'],
  ['http://localhost.a.b/c', 'insecure_url'],
  ['http://notlocalhost/c', 'insecure_url'],
  ['http://10.0.0.1/c', 'insecure_url'],
  ['ftp://localhost/c', 'insecure_url'],
  ['https://user@a.b/c', 'url_user_info'],
  ['https://user:secret@a.b/c', 'url_user_info'],
  ['https://:secret@a.b/c', 'url_user_info'],
]

describe('prepareTarget()', () => {
  for (const [input, href] of prepared) {
    it(`normalizes ${input} to ${href}`, () => {
      const url = new URL(input)
      prepareTarget(url)
      assert.equal(url.href, href)
    })
  }

  it('returns the signed parts, also of a URL that has changed since', () => {
    const url = new URL('https://a.b/c?d=e')
    const parts = ({ host, pathname, search }: URL) => ({ host, pathname, search })
    for (const search of ['?d=e', '?d=e', '?d=f', '?']) {
      url.search = search
      const { href, ...signed } = { href: '', ...prepareTarget(url) }
      assert.deepEqual(signed, parts(url), href)
    }
    assert.equal(url.href, 'https://a.b/c')
  })

  for (const [input, reason] of invalid) {
    it(`rejects ${input}`, () => {
      assert.throws(() => prepareTarget(new URL(input)), (error: Error) => {
        assert.deepEqual({ ...error, message: '' }, {
          ...error,
          code: 'configuration_error',
          reason,
          message: '',
        })
        assert.ok(!error.message.includes('secret'))
        return true
      })
    })
  }
})
