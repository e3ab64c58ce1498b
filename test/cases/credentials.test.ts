import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openTestGateway } from './gateway.ts'
import { refusing, saying, text } from './upstream.ts'

const MODEL = 'meta.llama-3.3-70b-instruct'
const BODY = { model: MODEL, messages: [{ role: 'user', content: 'Hi' }] }
const KEY = 'gateway-key-1'

describe('a call to OCI', () => {
  it("A19 contains none of the client's credentials", async () => {
    const { fetch, calls } = await openTestGateway({ env: { GATEWAY_API_KEYS: KEY } })
    const secrets: Record<string, string> = {
      'authorization': `Bearer ${KEY}`,
      'x-api-key': 'client-secret',
      'cookie': 'session=client-secret',
      'openai-organization': 'client-secret',
      'x-forwarded-for': '10.9.8.7',
    }
    const response = await fetch('/v1/chat/completions', {
      method: 'POST',
      headers: secrets,
      body: JSON.stringify({ ...BODY, user: 'somebody' }),
    })
    assert.equal(response.status, 200)
    const [call] = calls
    assert.deepEqual([...call?.headers.keys() ?? []], [
      'accept',
      'accept-encoding',
      'authorization',
      'content-type',
      'opc-request-id',
      'opc-retry-token',
      'user-agent',
      'x-content-sha256',
      'x-date',
    ])
    assert.match(call?.headers.get('authorization') ?? '', /^Signature /)
    assert.doesNotMatch(
      JSON.stringify([...call?.headers ?? [], call?.json]),
      /client-secret|gateway-key|10\.9\.8\.7|somebody/,
    )
  })

  for (const minutes of [6, -6, 60, -60, 360, -360, 1_440, -1_440]) {
    it(`A20 is signed with OCI's time after a clock difference of ${minutes} minutes`, async () => {
      const { ask, lines } = await openTestGateway({ now: () => Date.now() + minutes * 60_000 })
      const first = await ask(BODY)
      const second = await ask(BODY)
      assert.deepEqual([first.sent.length, second.sent.length], [2, 1])
      const corrections = lines.map((line) => JSON.parse(line))
        .filter(({ event }) => event === 'clock_corrected')
      assert.equal(corrections.length, 1)
      assert.ok(Math.abs(corrections[0].seconds - minutes * 60) <= 2)
    })
  }

  it('A20 is not repeated when the clock is correct', async () => {
    const { fail } = await openTestGateway({
      upstream: refusing(401, { code: 'NotAuthenticated', message: 'no' }),
    })
    const { status, sent } = await fail(BODY)
    assert.deepEqual([status, sent.length], [502, 1])
  })

  const hosts: [region: string, host: string][] = [
    ['us-chicago-1', 'inference.generativeai.us-chicago-1.oci.oraclecloud.com'],
    ['us-luke-1', 'inference.generativeai.us-luke-1.oci.oraclegovcloud.com'],
    ['us-gov-ashburn-1', 'inference.generativeai.us-gov-ashburn-1.oci.oraclegovcloud.com'],
    ['uk-gov-london-1', 'inference.generativeai.uk-gov-london-1.oci.oraclegovcloud.uk'],
    ['ap-chiyoda-1', 'inference.generativeai.ap-chiyoda-1.oci.oraclecloud8.com'],
    ['eu-frankfurt-2', 'inference.generativeai.eu-frankfurt-2.oci.oraclecloud.eu'],
    ['xx-newtown-1', 'inference.generativeai.xx-newtown-1.oci.oraclecloud.com'],
  ]
  for (const [region, host] of hosts) {
    it(`A21 goes to ${host} and is signed for that host`, async () => {
      const { ask } = await openTestGateway({ env: { OCI_CLI_REGION: region } })
      const { calls: [call] } = await ask(BODY)
      assert.equal(call?.url.href, `https://${host}/20231130/actions/chat`)
    })
  }

  const endpoints: [endpoint: string, address: string][] = [
    ['https://private.example:8443', 'https://private.example:8443/20231130/actions/chat'],
    ['https://private.example/', 'https://private.example/20231130/actions/chat'],
    ['http://127.0.0.1:4010', 'http://127.0.0.1:4010/20231130/actions/chat'],
  ]
  for (const [endpoint, address] of endpoints) {
    it(`A21 goes to the endpoint ${endpoint} and is signed for that host`, async () => {
      const { ask } = await openTestGateway({ env: { OCI_GENAI_ENDPOINT: endpoint } })
      const { calls: [call] } = await ask(BODY)
      assert.equal(call?.url.href, address)
    })
  }

  it('A21 keeps the path of a configured endpoint', async () => {
    const { ask } = await openTestGateway({
      env: { OCI_GENAI_ENDPOINT: 'https://private.example/genai' },
      upstream: saying(text('a')),
    })
    const { calls: [call] } = await ask(BODY)
    assert.equal(call?.url.href, 'https://private.example/genai/20231130/actions/chat')
  })

  for (const status of [301, 302, 303, 307, 308]) {
    it(`A23 does not follow a redirect with status ${status}`, async () => {
      const { fail } = await openTestGateway({
        upstream: () =>
          new Response(null, { status, headers: { location: 'https://elsewhere.example/' } }),
      })
      const answer = await fail(BODY)
      assert.deepEqual([answer.status, answer.error.code], [502, 'upstream_redirect'])
      assert.deepEqual(answer.calls.map(({ redirect }) => redirect), ['manual'])
    })
  }

  it('A24 imports the private key once for all requests', async () => {
    const gateway = await openTestGateway()
    const imported = await counting('importKey', async () => {
      await gateway.ask(BODY)
      await gateway.stream(BODY)
    })
    assert.equal(imported, 0)
    assert.equal(gateway.calls.length, 2)
  })
})

/** Counts the calls of a Web Crypto function while `work` runs. */
async function counting(name: 'importKey', work: () => Promise<void>): Promise<number> {
  let count = 0
  const original = crypto.subtle[name]
  const spy = (...args: unknown[]) => {
    count++
    return Reflect.apply(original, crypto.subtle, args)
  }
  Object.defineProperty(crypto.subtle, name, { value: spy, configurable: true, writable: true })
  try {
    await work()
  } finally {
    Reflect.deleteProperty(crypto.subtle, name)
  }
  return count
}
