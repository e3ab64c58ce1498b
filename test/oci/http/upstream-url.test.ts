import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { appendPath, upstreamUrl } from '../../../src/oci/http/upstream-url.ts'

const below: [base: string, path: string, expected: string][] = [
  ['https://a.b', 'v1/x', 'https://a.b/v1/x'],
  ['https://a.b/', '/v1/x', 'https://a.b/v1/x'],
  ['http://169.254.169.254/opc/v2//', 'instance/id', 'http://169.254.169.254/opc/v2/instance/id'],
  ['http://[fd00::1]:8/x', 'y', 'http://[fd00::1]:8/x/y'],
]

const URLS: [base: string, segments: string[], query: [string, string][], expected: string][] = [
  ['https://a', ['b', 'c.1_d-e'], [], 'https://a/b/c.1_d-e'],
  ['https://a/b/', ['c'], [], 'https://a/b/c'],
  ['https://a', ['b'], [['c', 'd/e&f'], ['c', 'g']], 'https://a/b?c=d%2Fe%26f&c=g'],
]

describe('upstreamUrl()', () => {
  for (const [base, segments, query, expected] of URLS) {
    it(`builds ${expected}`, () => {
      assert.equal(upstreamUrl(new URL(base), segments, query).href, expected)
    })
  }

  for (const segment of ['', '.', '..', 'a/b', 'a%2fb', 'a?b', 'a#b', 'a\\b', 'a'.repeat(256)]) {
    it(`rejects the segment ${JSON.stringify(segment.slice(0, 10))}`, () => {
      assert.throws(() => upstreamUrl(new URL('https://a'), ['b', segment]), {
        code: 'invalid_request',
        reason: 'bad_path_segment',
      })
    })
  }
})

describe('appendPath()', () => {
  for (const [base, path, expected] of below) {
    it(`joins ${base} and ${path}`, () => {
      assert.equal(appendPath(new URL(base), path).href, expected)
    })
  }
})
