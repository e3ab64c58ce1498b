import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { ENDPOINTS, ROUTING_PROFILES } from '../../src/simulator/catalogue.ts'
import { BEARER, PROJECT } from '../oci-names.ts'
import { openTestGateway, type TestGateway } from './gateway.ts'
import { events } from './upstream.ts'
import type { UpstreamCall } from './upstream.ts'

const MESSAGES = [{ role: 'user', content: 'Hi' }]
const [CHICAGO = '', ASHBURN = '', FRANKFURT = ''] = ROUTING_PROFILES.map(({ id }) => id)

/** Paths with a request, and OCI's path. */
const PATHS: [path: string, body: object, upstream: string][] = [
  ['/v1/chat/completions', { messages: MESSAGES }, '/20231130/actions/chat'],
  ['/v1/responses', { input: 'Hi' }, '/20231130/actions/chat'],
  ['/v1/messages', { messages: MESSAGES, max_tokens: 50 }, '/20231130/actions/chat'],
]

const PROFILES: [profile: string, host: string, selected: string, owner: string][] = [
  [CHICAGO, 'us-chicago-1', 'eu-frankfurt-1', 'openai'],
  [ASHBURN, 'us-ashburn-1', 'us-phoenix-1', 'xai'],
  [FRANKFURT, 'eu-frankfurt-1', 'us-chicago-1', 'meta'],
]

describe('routing profiles', () => {
  let gateway: TestGateway
  before(async () => {
    gateway = await openTestGateway({
      config: { aliases: { routed: ASHBURN }, fallbacks: { 'xai.grok-4.3': [CHICAGO] } },
    })
  })

  for (const [path, body, upstream] of PATHS) {
    for (const [profile, host, selected] of PROFILES) {
      for (const stream of [false, true]) {
        it(`R-P1 ${path} calls the region of a profile: ${host}, stream ${stream}`, async () => {
          const { response, chats } = await post(gateway, path, { model: profile, ...body, stream })
          assert.equal(response.headers.get('x-oci-region'), selected)
          const [call] = chats
          assert.equal(call?.url.pathname, upstream)
          assert.equal(call?.url.hostname, `inference.generativeai.${host}.oci.oraclecloud.com`)
          assert.deepEqual(call?.json['servingMode'], {
            servingType: 'ON_DEMAND',
            modelId: profile,
          })
        })
      }
    }
  }

  it("R-P2 sends what the profile's model expects", async () => {
    const request = { messages: MESSAGES, max_tokens: 9_000, verbosity: 'low' }
    const { sent, warnings } = await gateway.ask({ model: FRANKFURT, ...request })
    assert.equal(sent[0]?.['maxTokens'], 4_000)
    assert.match(warnings.join(), /verbosity/)
  })

  it('R-P3 resolves an alias, and lists it with what is known about the model', async () => {
    const { response } = await post(gateway, '/v1/chat/completions', {
      ...{ model: 'routed', messages: MESSAGES },
    })
    assert.equal((await response.json()).model, 'routed')
    const listed = await (await gateway.fetch('/v1/models/routed')).json()
    assert.equal(listed.root, ASHBURN)
    assert.equal(listed.context_length, 1_000_000)
    assert.equal(listed.owned_by, 'xai')
  })

  it('R-P3 falls back to a profile', async () => {
    const failing = await openTestGateway({
      config: { fallbacks: { 'xai.grok-4.3': [CHICAGO] } },
      upstream: ({ json }) =>
        JSON.stringify(json).includes('"xai.grok-4.3"')
          ? Response.json({ code: 'ServiceUnavailable', message: 'down' }, { status: 503 })
          : undefined,
    })
    const { response } = await post(failing, '/v1/chat/completions', {
      ...{ model: 'xai.grok-4.3', messages: MESSAGES },
    })
    assert.equal(response.headers.get('x-oci-fallback'), `eu-frankfurt-1/${CHICAGO}`)
  })

  it('R-P4 sends a dedicated endpoint of another region there', async () => {
    const { id = '' } = ENDPOINTS[0] ?? {}
    const elsewhere = await openTestGateway({ env: { OCI_CLI_REGION: 'us-ashburn-1' } })
    const { chats } = await post(elsewhere, '/v1/chat/completions', {
      ...{ model: id, messages: MESSAGES },
    })
    assert.match(chats[0]?.url.hostname ?? '', /us-chicago-1/)
  })

  it('R-P4 answers 404 for a profile that does not exist, in any region', async () => {
    for (const region of ['iad', 'us-atlantis-1', 'xn--a', 'eu-frankfurt-2', '']) {
      const model = `ocid1.generativeairoutingprofile.oc1.${region}.aaaamissing`
      const { error } = await gateway.fail({ model, messages: MESSAGES })
      assert.equal(error.code, 'model_not_found', region)
    }
  })

  it('R-P4 answers 404 for an OCID of a region without a subscription', async () => {
    const tenancy = { subscriptions: ['us-chicago-1'] }
    const subscribed = await openTestGateway({ tenancy })
    const { error } = await subscribed.fail({ model: ASHBURN, messages: MESSAGES })
    assert.equal(error.code, 'model_not_found')
    assert.match(error.message, /us-ashburn-1.*subscription/)
    assert.equal((await subscribed.ask({ model: CHICAGO, messages: MESSAGES })).status, 200)
    const home = await openTestGateway({ tenancy: { subscriptions: [] } })
    assert.equal((await home.fail({ model: CHICAGO, messages: MESSAGES })).status, 502)
  })

  it('R-P5 goes on without the profile when the control plane does not answer', async () => {
    const blind = await openTestGateway({
      upstream: ({ url }) =>
        url.pathname.includes('/routingProfiles/') ? new Response('', { status: 404 }) : undefined,
    })
    const { response } = await post(blind, '/v1/chat/completions', {
      ...{ model: CHICAGO, messages: MESSAGES },
    })
    assert.equal(response.headers.get('x-oci-region'), 'eu-frankfurt-1')
  })

  for (const header of ['fra', 'FRA', 'eu-frankfurt-1']) {
    it(`R-P6 reads the region ${header}`, async () => {
      const answering = await openTestGateway({ upstream: answerFrom(header) })
      const { response } = await post(answering, '/v1/chat/completions', {
        ...{ model: CHICAGO, messages: MESSAGES },
      })
      assert.equal(response.headers.get('x-oci-region'), 'eu-frankfurt-1')
    })
  }

  it('R-P6 ignores a region that is none', async () => {
    const answering = await openTestGateway({ upstream: answerFrom('a, b') })
    const { response } = await post(answering, '/v1/chat/completions', {
      ...{ model: CHICAGO, messages: MESSAGES },
    })
    assert.equal(response.headers.get('x-oci-region'), 'us-chicago-1')
  })

  describe('with a bearer key', () => {
    for (const [path, body] of PATHS) {
      for (const stream of [false, true]) {
        it(`R-P7 ${path}, stream ${stream}: the answer has the requested name`, async () => {
          const bearer = await openTestGateway({ env: { ...BEARER, OCI_GENAI_PROJECT: PROJECT } })
          const { response, chats } = await post(bearer, path, {
            ...{ model: CHICAGO, ...body, stream },
          })
          assert.equal(response.headers.get('x-oci-region'), 'eu-frankfurt-1')
          assert.equal(chats[0]?.json['model'], CHICAGO)
          const text = await response.text()
          assert.match(text, new RegExp(`"model":"${CHICAGO}"`))
          assert.doesNotMatch(text, /openai\.gpt-oss-120b/)
        })
      }
    }

    it('R-P7 an answer that repeats the OCID keeps it', async () => {
      const chunk = (part: object, finish_reason: string | null) => ({
        ...{ id: 'c', object: 'chat.completion.chunk', created: 1, model: CHICAGO },
        choices: [{ index: 0, delta: part, finish_reason }],
      })
      const chunks = [chunk({ role: 'assistant', content: 'Hi' }, null), chunk({}, 'stop')]
      const bearer = await openTestGateway({
        env: BEARER,
        config: { aliases: { routed: CHICAGO } },
        upstream: ({ url }) =>
          url.pathname.endsWith('/chat/completions') ? events(...chunks, '[DONE]')() : undefined,
      })
      const { response } = await post(bearer, '/v1/chat/completions', {
        ...{ model: 'routed', messages: MESSAGES, stream: true },
      })
      const text = await response.text()
      assert.match(text, /"model":"routed"/)
      assert.doesNotMatch(text, /routingprofile/)
    })
  })
})

function answerFrom(region: string) {
  return ({ url }: UpstreamCall) => {
    if (!url.pathname.endsWith('/actions/chat')) return undefined
    const message = { role: 'ASSISTANT', content: [{ type: 'TEXT', text: 'Hi' }] }
    const choices = [{ index: 0, message, finishReason: 'stop' }]
    return Response.json(
      { modelId: CHICAGO, chatResponse: { apiFormat: 'GENERIC', choices } },
      { headers: { 'x-genai-selected-region': region } },
    )
  }
}

async function post(gateway: TestGateway, path: string, body: object) {
  const before = gateway.calls.length
  const response = await gateway.fetch(path, { method: 'POST', body: JSON.stringify(body) })
  assert.equal(response.status, 200, await response.clone().text())
  const chats = gateway.calls.slice(before).filter(({ method }) => method === 'POST')
  return { response, chats }
}
