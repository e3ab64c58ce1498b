import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { noProxyWith, proxyFor, proxyUrl } from '../../src/diagnosis/proxy.ts'
import type { Machine } from '../../src/diagnosis/machine.ts'

const OCI = 'https://generativeai.us-chicago-1.oci.oraclecloud.com/'
const PROXY = 'http://proxy.example:3128'

type Name = Machine['runtime']['name']
type Use = 'proxy' | 'direct'

/** What each runtime does with a value of NO_PROXY: measured with Node 24.21, Bun 1.4.5, Deno 2.9.5. */
const exclusions: [value: string, url: string, node: Use, bun: Use, deno: Use][] = [
  ['oraclecloud.com', OCI, 'direct', 'direct', 'direct'],
  ['.oraclecloud.com', OCI, 'direct', 'direct', 'direct'],
  ['*.oraclecloud.com', OCI, 'direct', 'direct', 'proxy'],
  ['*', OCI, 'direct', 'direct', 'direct'],
  ['generativeai.us-chicago-1.oci.oraclecloud.com', OCI, 'direct', 'direct', 'direct'],
  ['GENERATIVEAI.us-chicago-1.oci.oraclecloud.com:443', OCI, 'direct', 'direct', 'proxy'],
  ['a.b, .oraclecloud.com', OCI, 'direct', 'direct', 'direct'],
  ['eai.us-chicago-1.oci.oraclecloud.com', OCI, 'proxy', 'proxy', 'proxy'],
  ['127.0.0.0/8', 'http://127.0.0.1:18998/', 'proxy', 'direct', 'direct'],
  ['', 'http://127.0.0.1:18998/', 'proxy', 'proxy', 'proxy'],
]

/** The same for the variables that name a proxy, without NODE_USE_ENV_PROXY. */
const variables: [name: string, node: Use, bun: Use, deno: Use][] = [
  ['HTTPS_PROXY', 'direct', 'proxy', 'proxy'],
  ['https_proxy', 'direct', 'proxy', 'proxy'],
  ['ALL_PROXY', 'direct', 'proxy', 'proxy'],
  ['HTTP_PROXY', 'direct', 'direct', 'direct'],
]

function use(url: string, env: Record<string, string>, name: Name): Use {
  const found = proxyFor(new URL(url), { env, runtime: { name, version: '' } })
  return found && found.unusedBecause === undefined ? 'proxy' : 'direct'
}

describe('proxyFor()', () => {
  for (const [value, url, ...expected] of exclusions) {
    it(`applies NO_PROXY=${value || '(empty)'} as each runtime does`, () => {
      const env = {
        ...{ HTTPS_PROXY: PROXY, HTTP_PROXY: PROXY, NO_PROXY: value },
        NODE_USE_ENV_PROXY: '1',
      }
      const seen = (['node', 'bun', 'deno'] as const).map((name) => use(url, env, name))
      assert.deepEqual(seen, expected)
    })
  }

  for (const [variable, ...expected] of variables) {
    it(`reads ${variable} as each runtime does`, () => {
      const seen = (['node', 'bun', 'deno'] as const)
        .map((name) => use(OCI, { [variable]: PROXY }, name))
      assert.deepEqual(seen, expected)
    })
  }

  it('knows both ways to let Node use proxies', () => {
    assert.equal(use(OCI, { HTTPS_PROXY: PROXY, NODE_USE_ENV_PROXY: '1' }, 'node'), 'proxy')
    assert.equal(use(OCI, { HTTPS_PROXY: PROXY, NODE_OPTIONS: '--use-env-proxy' }, 'node'), 'proxy')
  })
})

describe('proxyUrl()', () => {
  it('accepts a URL and a host with a port', () => {
    assert.equal(proxyUrl('http://a:1')?.host, 'a:1')
    assert.equal(proxyUrl('a.example:3128')?.host, 'a.example:3128')
    for (const text of ['', 'ftp://a', 'http://']) assert.equal(proxyUrl(text), undefined, text)
  })
})

describe('noProxyWith()', () => {
  it('keeps the other hosts', () => {
    assert.equal(noProxyWith('a', {}), 'a')
    assert.equal(noProxyWith('c', { NO_PROXY: 'a, b' }), 'a,b,c')
  })
})
