import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { REPLACEMENTS } from '../../src/oci/relay/replacements.ts'
import { BEARER } from '../oci-names.ts'
import { openTestGateway } from './gateway.ts'
import { callsFor, CONFIG, ended, MODEL, relayed, relayedJson, REQUESTS } from './relayed-json.ts'

/** Gateways that relay every request: as configured, or since the credential allows nothing else. */
const GATEWAYS = [
  { name: 'a signature', options: { config: CONFIG } },
  { name: 'a bearer key', options: { config: CONFIG, env: BEARER } },
]

describe("a request relayed to OCI's OpenAI endpoint", () => {
  for (const { name, options } of GATEWAYS) {
    for (const [path, body] of REQUESTS) {
      const streamed = body['stream'] ? ', streamed' : ''
      it(`R-E1 is sent as received with ${name}: ${path}${streamed}`, async () => {
        const gateway = await openTestGateway({ ...options, upstream: () => ended(path) })
        const expected = { ...body, model: body['model'] === 'mine' ? MODEL : 'cohere.embed-v4.0' }
        assert.deepEqual(await relayed(gateway, path, body), expected)
      })
    }
  }

  it('R-E1 arrives with the same JSON at any depth, except for the replacements', async () => {
    await fc.assert(await relayedJson(), { numRuns: 300 })
  })

  it('R-E1 keeps keys that are special in JavaScript', async () => {
    const gateway = await openTestGateway({ config: CONFIG, upstream: () => ended('/responses') })
    const text = '{"model":"mine","input":"x","__proto__":{"a":1},"metadata":' +
      '{"__proto__":{"b":2},"constructor":null,"toString":[]}}'
    const [call] = await callsFor(gateway, '/responses', text)
    assert.equal(new TextDecoder().decode(call?.body), text.replace('mine', MODEL))
  })

  it('R-E1 has replacements that docs/models.md lists', async () => {
    const page = await readFile(new URL('../../docs/models.md', import.meta.url), 'utf8')
    assert.ok(REPLACEMENTS.length > 0)
    for (const { what, sent } of REPLACEMENTS) {
      assert.ok(page.replaceAll(/ +\|/g, ' |').includes(`| ${what} | ${sent} |`), what)
    }
  })
})
