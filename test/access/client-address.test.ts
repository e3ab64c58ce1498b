import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createClientAddress, isTrustedProxy } from '../../src/access/client-address.ts'

type Case = [
  name: string,
  trusted: string[],
  peer: string | undefined,
  headers: Record<string, string>,
  address: string,
]

const PROXY = ['10.0.0.0/8', '::1', 'fd00::/8']

const cases: Case[] = [
  ['uses the peer', [], '192.0.2.7', {}, '192.0.2.7'],
  ['F8: groups IPv6 by /64', [], '2001:db8:1:2:3:4:5:6', {}, '2001:db8:1:2::/64'],
  ['F8: groups compressed IPv6 by /64', [], '2001:db8::9', {}, '2001:db8:0:0::/64'],
  ['treats mapped IPv4 as IPv4', [], '::ffff:192.0.2.7', {}, '192.0.2.7'],
  ['ignores a zone', [], 'fe80::1%eth0', {}, 'fe80:0:0:0::/64'],
  [
    'F8: ignores headers of a peer that is not a trusted proxy',
    PROXY,
    '192.0.2.7',
    { 'x-forwarded-for': '198.51.100.1', 'cf-connecting-ip': '198.51.100.2' },
    '192.0.2.7',
  ],
  [
    'F8: ignores headers without trusted proxies',
    [],
    '10.0.0.1',
    { 'x-forwarded-for': '198.51.100.1' },
    '10.0.0.1',
  ],
  [
    'uses the last address that is not a trusted proxy',
    PROXY,
    '10.1.2.3',
    { 'x-forwarded-for': '203.0.113.9, 198.51.100.1, 10.9.9.9' },
    '198.51.100.1',
  ],
  [
    'accepts IPv6 with a port from a proxy',
    PROXY,
    'fd00::7',
    { 'x-forwarded-for': '198.51.100.1, [2001:db8:5::1]:8080' },
    '2001:db8:5:0::/64',
  ],
  [
    'accepts IPv4 with a port',
    PROXY,
    '::1',
    { 'x-forwarded-for': '198.51.100.1:99' },
    '198.51.100.1',
  ],
  ['uses the peer when a proxy sends no header', PROXY, '::1', {}, '0:0:0:0::/64'],
  ['puts invalid addresses into one group', PROXY, '::1', { 'x-forwarded-for': 'unknown' }, ''],
  [
    'F8: ignores headers on Workers unless "cloudflare" is trusted',
    [],
    undefined,
    { 'cf-connecting-ip': '198.51.100.1', 'x-forwarded-for': '198.51.100.1' },
    '',
  ],
  [
    'uses the header of Cloudflare if "cloudflare" is trusted',
    ['cloudflare'],
    undefined,
    { 'cf-connecting-ip': '2001:db8::9' },
    '2001:db8:0:0::/64',
  ],
]

const proxies: [text: string, isValid: boolean][] = [
  ['10.0.0.1', true],
  ['10.0.0.0/8', true],
  ['::1', true],
  ['fd00::/8', true],
  ['2001:db8::/128', true],
  ['cloudflare', true],
  ['10.0.0.0/33', false],
  ['fd00::/129', false],
  ['10.0.0.256', false],
  ['10.0.0', false],
  ['1::2::3', false],
  ['1:2:3:4:5:6:7', false],
  ['1:2:3:4:5:6:7:8:9', false],
  ['12345::', false],
  ['1:2:3:4:5:6:7:8::', false],
  ['1:2:3:4::5:6:7:8', false],
  ['1::x', false],
  ['proxy.internal', false],
  ['10.0.0.0/8/8', false],
  ['10.0.0.0/x', false],
  ['', false],
]

describe('createClientAddress()', () => {
  for (const [name, trusted, peer, headers, address] of cases) {
    it(name, () => {
      const header = (name: string) => headers[name]
      assert.equal(createClientAddress(trusted)({ peer, header }), address)
    })
  }

  it('reads the end of a header of any length', () => {
    const header = () => `${'1.2.3.4, '.repeat(100_000)}198.51.100.1`
    assert.equal(createClientAddress(['10.0.0.1'])({ peer: '10.0.0.1', header }), '198.51.100.1')
  })
})

describe('isTrustedProxy()', () => {
  for (const [text, isValid] of proxies) {
    it(`${isValid ? 'accepts' : 'rejects'} "${text}"`, () => {
      assert.equal(isTrustedProxy(text), isValid)
    })
  }
})
