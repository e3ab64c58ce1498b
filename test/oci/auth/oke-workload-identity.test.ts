import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { AuthDependencies } from '../../../src/oci/auth/dependencies.ts'
import { decodeReply, okeWorkloadIdentity } from '../../../src/oci/auth/oke-workload-identity.ts'
import vector from '../../vectors/oke-workload-identity.json' with { type: 'json' }
import {
  anyRequest,
  callOf,
  createFixture,
  jwt,
  keyIdOf,
  MINUTE,
  NOW,
  type RecordedCall,
} from './fixture.ts'

const ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount'
const CA = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'
const { request, response, resultingKeyId } = vector

const refusals: [
  name: string,
  answer: () => Response | Promise<Response>,
  reason: string,
  advice: RegExp,
][] = [
  [
    'a basic cluster',
    () => new Response('', { status: 403 }),
    'basic_cluster',
    /Only enhanced clusters .*: oci ce cluster update --cluster-id ID --type ENHANCED_CLUSTER$/,
  ],
  [
    'a rejected service account',
    () => Response.json({ code: 'X' }, { status: 401 }),
    'X',
    /Check that the pod has a service account: kubectl describe pod NAME$/,
  ],
  [
    'a refused connection',
    () => Promise.reject(new Error('ECONNREFUSED')),
    'connect',
    /Check that this is an enhanced OKE cluster and that port 12250 is reachable$/,
  ],
  [
    'a certificate of another authority',
    () => Promise.reject(Object.assign(new Error('x'), { code: 'SELF_SIGNED_CERT_IN_CHAIN' })),
    'untrusted_authority',
    /The cluster's certificate is not signed by the authority in /,
  ],
  [
    'a response without a token',
    () => new Response('""'),
    'bad_token_reply',
    /^Cannot get a token for the workload: the response has no token$/,
  ],
]

describe('okeWorkloadIdentity()', () => {
  it("A17 sends the same request to the cluster as Oracle's SDK", async () => {
    const { fixture, calls } = setUp()
    const { credential, tenancy, region } = await okeWorkloadIdentity(fixture)
    assert.equal(keyIdOf(await credential(anyRequest())), resultingKeyId)
    assert.deepEqual([tenancy, region], ['ocid1.tenancy.oc1..testvectortenancy', undefined])
    const [call] = calls
    assert.deepEqual(
      { ...call, body: Object.keys(JSON.parse(call?.body ?? '')) },
      {
        method: request.method,
        url: `https://10.96.0.1:12250${request.path}`,
        headers: request.headers,
        body: Object.keys(JSON.parse(request.body)),
        authority: CA,
      },
    )
    assert.match(JSON.parse(call?.body ?? '').podKey, /^MIIBIjAN[\w+/=]+$/)
  })

  it('A17 reads the service account token again, since Kubernetes rotates it', async () => {
    const { fixture, calls } = setUp()
    const { credential } = await okeWorkloadIdentity(fixture)
    fixture.texts.set(`${ACCOUNT}/token`, 'second')
    await credential(anyRequest({ renew: true }))
    assert.deepEqual(
      calls.map(({ headers }) => headers['authorization']),
      ['Bearer k8s.service.account.token', 'Bearer second'],
    )
  })

  it('A17 reads addresses, paths and region from the environment', async () => {
    const { fixture, calls } = setUp({
      KUBERNETES_SERVICE_HOST: 'fd00::1',
      KUBERNETES_SERVICE_PORT_PROXYMUX: '9999',
      OCI_KUBERNETES_SERVICE_ACCOUNT_CERT_PATH: '/ca',
      OCI_KUBERNETES_SERVICE_ACCOUNT_TOKEN_PATH: '/token',
      OCI_RESOURCE_PRINCIPAL_REGION: 'FRA',
    })
    fixture.texts.set('/ca', `mine ${CA}`).set('/token', 'other')
    const { region } = await okeWorkloadIdentity(fixture)
    assert.equal(region?.id, 'eu-frankfurt-1')
    assert.deepEqual(
      calls.map(({ url, headers, authority }) => [url, headers['authorization'], authority]),
      [['https://[fd00::1]:9999/resourcePrincipalSessionTokens', 'Bearer other', `mine ${CA}`]],
    )
  })

  it('reads the service account token from the environment', async () => {
    const { fixture, calls } = setUp({ OCI_KUBERNETES_SERVICE_ACCOUNT_TOKEN_STRING: 'given' })
    await okeWorkloadIdentity(fixture)
    assert.equal(calls[0]?.headers['authorization'], 'Bearer given')
  })

  for (const [name, answer, reason, message] of refusals) {
    it(`gives advice for ${name}`, async () => {
      const { fixture } = setUp({}, answer)
      await assert.rejects(okeWorkloadIdentity(fixture), {
        code: 'upstream_auth_error',
        reason,
        message,
      })
    })
  }

  it('does not send an expired service account token', async () => {
    const { fixture, calls } = setUp()
    fixture.texts.set(`${ACCOUNT}/token`, jwt({ exp: (NOW - MINUTE) / 1000 }))
    await assert.rejects(okeWorkloadIdentity(fixture), {
      reason: 'token_expired',
      message: /Kubernetes has not rotated it\. Restart the pod$/,
    })
    assert.equal(calls.length, 0)
  })

  const unusable: [
    name: string,
    change: (part: ReturnType<typeof setUp>) => AuthDependencies,
    message: string,
  ][] = [
    [
      'outside of Kubernetes',
      ({ fixture }) => ({ ...fixture, environment: {} }),
      'KUBERNETES_SERVICE_HOST is not set. Kubernetes sets it in every pod. Outside of a cluster, ' +
      'set OCI_AUTH to another kind',
    ],
    [
      'without a choice of the certificate authority',
      ({ fixture }) => ({ ...fixture, fetchWithCa: undefined }),
      'this runtime cannot read files or choose a certificate authority',
    ],
  ]
  for (const [name, change, state] of unusable) {
    it(`fails ${name}`, async () => {
      await assert.rejects(okeWorkloadIdentity(change(setUp())), {
        code: 'configuration_error',
        message: `Cannot use the OKE workload identity: ${state}`,
      })
    })
  }

  it('reports a missing or invalid authority file', async () => {
    const { fixture } = setUp()
    fixture.texts.set(`${ACCOUNT}/ca.crt`, 'x')
    await assert.rejects(okeWorkloadIdentity(fixture), { reason: 'bad_certificate' })
    fixture.texts.delete(`${ACCOUNT}/ca.crt`)
    await assert.rejects(okeWorkloadIdentity(fixture), {
      code: 'configuration_error',
      reason: 'file_missing',
      message: 'Cannot use OCI_KUBERNETES_SERVICE_ACCOUNT_CERT_PATH: there is no file ' +
        `"${ACCOUNT}/ca.crt"`,
    })
  })
})

describe('decodeReply()', () => {
  for (
    const text of [response.rawBody, response.alternativeRawBodyUnquoted, `${response.rawBody}\n`]
  ) {
    it(`A17 reads ${text.slice(0, 8)}… of ${text.length} characters`, () => {
      assert.equal(`ST$${decodeReply(text)}`, resultingKeyId)
    })
  }

  for (const reply of ['', '{}', '"!"', btoa('x'), btoa('{"token":"no prefix"}')]) {
    it(`rejects ${JSON.stringify(reply)}`, () => {
      assert.throws(() => decodeReply(reply), { reason: 'bad_token_reply' })
    })
  }
})

/** A pod whose cluster gives the recorded response or `answer`. */
function setUp(
  environment: Record<string, string> = {},
  answer: () => Response | Promise<Response> = () => new Response(response.rawBody),
) {
  const calls: (RecordedCall & { authority: string })[] = []
  const fixture = createFixture(undefined, {
    environment: { KUBERNETES_SERVICE_HOST: '10.96.0.1', ...environment },
    texts: { [`${ACCOUNT}/token`]: 'k8s.service.account.token\n', [`${ACCOUNT}/ca.crt`]: CA },
    fetchWithCa: async (url, init, authority) => {
      calls.push({ ...callOf(url, init), authority })
      return await answer()
    },
  })
  return { fixture, calls }
}
