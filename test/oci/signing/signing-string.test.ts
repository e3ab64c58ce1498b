import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  httpDate,
  signedFields,
  signedNames,
  signingString,
} from '../../../src/oci/signing/signing-string.ts'
import published from '../../vectors/published.json' with { type: 'json' }
import vectors from '../../vectors/signing.json' with { type: 'json' }

const content = { type: 'application/json', length: 2, sha256: 'abc=' }
const post = { dateHeader: 'x-date', date: 'now', method: 'POST', content } as const

const hosts: [url: string, host: string][] = [
  ['https://EXAMPLE.com:443/a', 'example.com'],
  ['https://example.com:8443/a', 'example.com:8443'],
  ['http://[::1]:9000/a', '[::1]:9000'],
]

const targets: [url: string, target: string][] = [
  ['https://a.b/models?limit=100&page=a%2Fb', '/models?limit=100&page=a%2Fb'],
  ['https://a.b/n%2fx/%C3%A9', '/n%2fx/%C3%A9'],
  ['https://a.b/é x', '/%C3%A9%20x'],
  ['https://a.b/p#fragment', '/p'],
  ['https://a.b', '/'],
]

describe('signingString()', () => {
  it('has one line for each field and no newline at the end', () => {
    assert.equal(signingString([['host', 'a'], ['x-date', 'now']]), 'host: a\nx-date: now')
  })

  for (const vector of published.vectors) {
    it(`A01 equals Oracle's published signing string: ${vector.id}`, () => {
      const fields = new Map(signedFields({
        dateHeader: 'date',
        date: vector.date,
        method: vector.method,
        url: new URL(vector.url),
        content: vector.body === null ? undefined : {
          type: 'application/json',
          length: new TextEncoder().encode(vector.body).length,
          sha256: /x-content-sha256: (\S+)/.exec(vector.signingString)?.[1] ?? '',
        },
      }))
      assert.deepEqual([...fields.keys()].sort(), [...vector.signedHeaders].sort())
      const ordered = vector.signedHeaders.map((name) => [name, fields.get(name) ?? ''] as const)
      assert.equal(signingString(ordered), vector.signingString)
    })
  }
})

describe('signedFields()', () => {
  it("uses the order of Oracle's TypeScript SDK", () => {
    const fields = signedFields({ ...post, url: new URL('https://a.b/c'), oboToken: 't' })
    const official = vectors.vectors.find(({ id }) => id === 'post-chat-utf8-delegation-token')
    assert.equal(signedNames(fields), official?.expected.signedHeaders.join(' ').toLowerCase())
  })

  for (const [url, host] of hosts) {
    it(`signs host "${host}" for ${url}`, () => {
      assert.equal(new Map(signedFields({ ...post, url: new URL(url) })).get('host'), host)
    })
  }

  for (const [url, target] of targets) {
    it(`A04 signs the target "${target}" for ${url}`, () => {
      const fields = new Map(signedFields({ ...post, url: new URL(url) }))
      assert.equal(fields.get('(request-target)'), `post ${target}`)
    })
  }
})

describe('httpDate()', () => {
  it('drops the fraction and follows the clock forwards and backwards', () => {
    const times = [1_783_934_813_000, 1_783_934_813_999, 1_783_934_814_000, 1_783_934_813_500, 0]
    assert.deepEqual(times.map(httpDate), [
      'Mon, 13 Jul 2026 09:26:53 GMT',
      'Mon, 13 Jul 2026 09:26:53 GMT',
      'Mon, 13 Jul 2026 09:26:54 GMT',
      'Mon, 13 Jul 2026 09:26:53 GMT',
      'Thu, 01 Jan 1970 00:00:00 GMT',
    ])
  })
})
