import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { openGateway } from '../../src/entry/gateway.ts'
import type { Environment, Files } from '../../src/platform.ts'
import { createSimulator, type Simulator } from '../../src/simulator/app.ts'
import type { ReceivedRequest } from '../../src/simulator/exchange.ts'
import { createDemoIdentity, type DemoIdentity } from '../../src/simulator/identity.ts'
import {
  createResourceIdentity,
  createSessionIdentity,
} from '../../src/simulator/session-identity.ts'
import { type Cluster, createCluster } from '../../src/simulator/tokens/cluster.ts'
import { createTokenIssuer, type TokenIssuer } from '../../src/simulator/tokens/issuer.ts'
import { createInstance, type Instance } from '../../src/simulator/x509/instance.ts'
import '../simulator/reuse-keys.ts'

/** The simulator with one principal of each kind. */
interface World {
  simulator: Simulator
  seen: ReceivedRequest[]
  identity: DemoIdentity
  issuer: TokenIssuer
  instance: Instance
  cluster: Cluster
}

interface Settings {
  env: Environment
  files?: Record<string, string>
}

type Row = [name: string, open: (world: World) => Promise<Settings> | Settings, keyId: RegExp]

const REGION = 'us-chicago-1'
const SUBJECT = 'e30.eyJzdWIiOiJ3b3JrZmxvdyJ9.trusted'

const rows: Row[] = [
  [
    'A01 authenticates with an API key',
    ({ identity }) => ({ env: keyOf(identity) }),
    /"ocid1\.tenancy\.[^"]+\/ocid1\.user\./,
  ],
  [
    'A12 authenticates with a session token',
    async ({ issuer }) => sessionOf(await createSessionIdentity(issuer)),
    /"ST\$/,
  ],
  [
    'A15 authenticates with an instance principal',
    () => ({ env: { OCI_AUTH: 'instance_principal' } }),
    /"ST\$/,
  ],
  ['authenticates with the delegation token of an instance', async ({ issuer }) => {
    const { token } = await createSessionIdentity(issuer)
    const env = { OCI_AUTH: 'instance_obo_user', OCI_CLI_DELEGATION_TOKEN_FILE: '/obo' }
    return { env, files: { '/obo': token } }
  }, /"ST\$/],
  ['A16 authenticates with a resource principal', async ({ issuer, identity }) => {
    const { environment } = await createResourceIdentity(issuer)
    const { compartment } = identity
    return {
      env: { ...environment, OCI_AUTH: 'resource_principal', OCI_COMPARTMENT_ID: compartment },
    }
  }, /"ST\$/],
  ['A17 authenticates with an OKE workload identity', ({ cluster }) => ({
    env: {
      OCI_AUTH: 'oke_workload_identity',
      KUBERNETES_SERVICE_HOST: '127.0.0.1',
      OCI_RESOURCE_PRINCIPAL_REGION: REGION,
      OCI_KUBERNETES_SERVICE_ACCOUNT_TOKEN_PATH: '/token',
      OCI_KUBERNETES_SERVICE_ACCOUNT_CERT_PATH: '/ca.crt',
      OCI_COMPARTMENT_ID: cluster.compartment,
    },
    files: { '/token': cluster.serviceAccountToken, '/ca.crt': '-----BEGIN CERTIFICATE-----' },
  }), /"ST\$/],
  ['authenticates with an exchanged token', ({ identity }) => ({
    env: {
      OCI_AUTH: 'token_exchange',
      OCI_REGION: REGION,
      OCI_COMPARTMENT_ID: identity.compartment,
      OCI_IDENTITY_DOMAIN_URL: 'https://idcs-1.identity.oraclecloud.com',
      OCI_TOKEN_EXCHANGE_CLIENT_ID: 'app',
      OCI_TOKEN_EXCHANGE_CLIENT_SECRET: 'secret',
      OCI_TOKEN_EXCHANGE_SUBJECT_TOKEN: SUBJECT,
    },
  }), /"ST\$/],
  ['A18 authenticates with an OCI Generative AI API key', () => ({
    env: { OCI_AUTH: 'genai_api_key', OCI_GENAI_API_KEY: 'sk-simulator', OCI_REGION: REGION },
  }), /^Bearer sk-simulator$/],
]

describe('every credential', () => {
  let world: World
  before(async () => {
    world = await createWorld()
  })

  for (const [name, open, keyId] of rows) {
    it(`${name}, streamed and not`, async () => {
      const { env, files } = await open(world)
      const { app } = await openGateway({
        env,
        files: files && filesOf(files),
        write: () => {},
        fetch: (url, init) => world.simulator.fetch(new Request(url, init)),
        fetchWithCa: (url, init) => world.simulator.fetch(new Request(url, init)),
      })
      for (const stream of [false, true]) {
        const response = await app.request('/v1/chat/completions', {
          method: 'POST',
          body: JSON.stringify({
            model: 'xai.grok-4',
            stream,
            messages: [{ role: 'user', content: 'Hello' }],
          }),
        })
        const text = await response.text()
        assert.equal(response.status, 200, text)
        assert.match(text, /simulator/)
        assert.equal(text.endsWith('data: [DONE]\n\n'), stream)
      }
      assert.match(world.seen.at(-1)?.headers.get('authorization') ?? '', keyId)
    })
  }
})

async function createWorld(): Promise<World> {
  const identity = await createDemoIdentity()
  const issuer = createTokenIssuer()
  const { tenancy, compartment } = identity
  const instance = await createInstance({ tenancy, compartment })
  const cluster = await createCluster({ tenancy, compartment })
  const seen: ReceivedRequest[] = []
  const simulator = createSimulator({
    publicKeys: identity.publicKeys,
    bearerKeys: new Set(['sk-simulator']),
    domain: {
      tenancy,
      clients: new Map([['app', 'secret']]),
      trusts: (token) => token.endsWith('.trusted'),
    },
    ...{ issuer, instance, cluster },
    eventDelay: 0,
    onRequest: (request) => seen.push(request),
  })
  return { simulator, seen, identity, issuer, instance, cluster }
}

function keyOf({ tenancy, user, fingerprint, privateKey }: DemoIdentity): Environment {
  return {
    OCI_CLI_TENANCY: tenancy,
    OCI_CLI_USER: user,
    OCI_CLI_FINGERPRINT: fingerprint,
    OCI_CLI_KEY_CONTENT: privateKey,
    OCI_CLI_REGION: REGION,
  }
}

function sessionOf(identity: DemoIdentity & { token: string }): Settings {
  const profile = [
    '[DEFAULT]',
    `tenancy=${identity.tenancy}`,
    `fingerprint=${identity.fingerprint}`,
    `region=${REGION}`,
    'key_file=/key.pem',
    'security_token_file=/token',
  ]
  return {
    env: { OCI_CONFIG_FILE: '/config' },
    files: {
      '/config': profile.join('\n'),
      '/key.pem': identity.privateKey,
      '/token': identity.token,
    },
  }
}

function filesOf(texts: Record<string, string>): Files {
  return { home: '/', read: (path) => Promise.resolve(texts[path]) }
}
