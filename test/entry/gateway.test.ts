import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openGateway } from '../../src/entry/gateway.ts'
import type { Environment } from '../../src/platform.ts'
import { saying, text } from '../cases/upstream.ts'
import { jwt, keyIdOf } from '../oci/auth/fixture.ts'
import federation from '../vectors/federation-x509.json' with { type: 'json' }
import keys from '../vectors/keys.json' with { type: 'json' }

const { certPem, keyPem, intermediatePem, region } = federation.imdsResponses
const INSTANCE = { OCI_AUTH: 'instance_principal' }
const TENANCY = 'ocid1.tenancy.oc1..aaaa'
const RESOURCE = {
  OCI_AUTH: 'resource_principal',
  OCI_RESOURCE_PRINCIPAL_VERSION: '2.2',
  OCI_RESOURCE_PRINCIPAL_RPST: tokenOf('rpst'),
  OCI_RESOURCE_PRINCIPAL_PRIVATE_PEM: keys.keys.rsa2048.pkcs8Pem,
  OCI_RESOURCE_PRINCIPAL_REGION: 'fra',
}

const COMPLETION = {
  id: 'c',
  object: 'chat.completion',
  created: 0,
  model: 'm',
  choices: [{ index: 0, message: { role: 'assistant', content: 'Hello' }, finish_reason: 'stop' }],
}

const undetermined: [name: string, env: Environment, message: string][] = [
  [
    'region',
    { OCI_GENAI_API_KEY: 'sk' },
    'Cannot determine the region: OCI_GENAI_API_KEY does not contain a region. Set OCI_REGION',
  ],
  [
    'compartment',
    RESOURCE,
    'Cannot determine the compartment: the resource principal of OCI_RESOURCE_PRINCIPAL_VERSION ' +
    '2.2 does not contain a tenancy. Set OCI_COMPARTMENT_ID',
  ],
]

describe('openGateway()', () => {
  it("A15 uses the instance principal's region and the compartment of its tenancy", async () => {
    const oci = createOci()
    const gateway = await open(INSTANCE, oci)
    assert.deepEqual(
      [gateway.source, gateway.region],
      ['the instance principal', 'us-phoenix-1'],
    )
    assert.equal((await sendRequest(gateway)).status, 200)
    const [chat] = oci.chats
    assert.match(chat?.url ?? '', /^https:\/\/inference\.generativeai\.us-phoenix-1\./)
    assert.equal(chat?.compartmentId, federation.leaf.tenancy)
  })

  it('A15 calls models in OCI_REGION, with the token of its own region', async () => {
    const oci = createOci()
    const gateway = await open({ ...INSTANCE, OCI_REGION: 'ord' }, oci)
    await sendRequest(gateway)
    assert.match(oci.chats[0]?.url ?? '', /\.us-chicago-1\./)
    assert.deepEqual(oci.federations, ['https://auth.us-phoenix-1.oraclecloud.com/v1/x509'])
  })

  it('A13 renews a token that OCI rejects, once for 100 requests', async () => {
    const oci = createOci({ refused: 1 })
    const gateway = await open(INSTANCE, oci)
    const answers = await Promise.all(Array.from({ length: 100 }, () => sendRequest(gateway)))
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200])
    assert.equal(oci.federations.length, 2)
  })

  it('responds with an authentication error when OCI rejects every token', async () => {
    const oci = createOci({ refused: Infinity })
    const response = await sendRequest(await open(INSTANCE, oci))
    const { error } = await response.json()
    assert.deepEqual([response.status, error.code], [502, 'upstream_auth_error'])
    assert.match(error.message, /^Cannot authenticate to OCI: No\. OCI rejected the instance's tok/)
    assert.equal(oci.chats.length, 2)
  })

  it('uses the region of a resource principal', async () => {
    const env = { ...RESOURCE, OCI_COMPARTMENT_ID: TENANCY }
    assert.equal((await open(env, createOci())).region, 'eu-frankfurt-1')
  })

  it("A18 sends an OCI Generative AI API key to OCI's OpenAI endpoint only", async () => {
    const oci = createOci()
    const gateway = await open({ OCI_GENAI_API_KEY: 'sk', OCI_REGION: 'ord' }, oci)
    assert.equal((await sendRequest(gateway)).status, 200)
    await sendRequest(gateway, 'cohere.command-a-03-2025')
    const host = 'https://inference.generativeai.us-chicago-1.oci.oraclecloud.com'
    const openAi = { url: `${host}/openai/v1/chat/completions`, authorization: 'Bearer sk' }
    assert.deepEqual(
      [
        ...new Set(
          oci.chats.map(({ url, authorization }) => JSON.stringify({ url, authorization })),
        ),
      ],
      [JSON.stringify(openAi)],
    )
  })

  for (const [name, env, message] of undetermined) {
    it(`requires a ${name}`, async () => {
      await assert.rejects(open(env, createOci()), { code: 'configuration_error', message })
    })
  }
})

interface Chat {
  url: string
  authorization: string | undefined
  compartmentId: unknown
}

/** An OCI instance with its metadata service, and an OCI that rejects the first tokens. */
function createOci({ refused = 0 } = {}) {
  const federations: string[] = []
  const chats: Chat[] = []
  const metadata = new Map([
    ['instance/region', region],
    ['identity/cert.pem', certPem],
    ['identity/key.pem', keyPem],
    ['identity/intermediate.pem', intermediatePem],
  ])
  function answer(url: string, init: RequestInit): Response {
    const path = /\/opc\/v2\/(.*)$/.exec(url)?.[1]
    if (path) {
      const found = metadata.get(path)
      return new Response(found ?? '', { status: found ? 200 : 404 })
    }
    if (url.endsWith('/v1/x509')) {
      return Response.json({ token: tokenOf(String(federations.push(url))) })
    }
    const body = JSON.parse(new TextDecoder().decode(init.body as Uint8Array))
    const headers = Object.fromEntries(new Headers(init.headers))
    const { authorization } = headers
    chats.push({ url, authorization, compartmentId: body.compartmentId })
    if (url.includes('/openai/v1/')) return Response.json(COMPLETION)
    return numberOf(keyIdOf(headers)) > refused
      ? saying(text('Hello'))()
      : Response.json({ code: 'NotAuthenticated', message: 'No.' }, { status: 401 })
  }
  const fetch = (url: string, init: RequestInit) => Promise.resolve(answer(url, init))
  return { federations, chats, fetch }
}

function open(env: Environment, { fetch }: ReturnType<typeof createOci>) {
  return openGateway({ env, files: undefined, write: () => {}, fetch })
}

async function sendRequest(
  { app }: Awaited<ReturnType<typeof open>>,
  model = 'xai.grok-4',
): Promise<Response> {
  return await app.request('http://127.0.0.1:8050/v1/chat/completions', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model, messages: [{ role: 'user', content: 'Hi' }] }),
  })
}

/** A token that expires in one hour. */
function tokenOf(sub: string): string {
  const iat = Math.floor(Date.now() / 1000)
  return jwt({ sub, iat, exp: iat + 3600 })
}

function numberOf(keyId = ''): number {
  return Number(JSON.parse(atob(keyId.split('.')[1] ?? '')).sub)
}
