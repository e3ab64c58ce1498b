import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ENDPOINTS, modelOcid } from '../../src/simulator/catalogue.ts'
import { isServiceError } from '../../src/simulator/service-error.ts'
import { checkCompartment } from '../../src/simulator/check-request.ts'
import { resolveModel } from '../../src/simulator/resolve-model.ts'
import { NOW } from './caller.ts'

const LOCAL = '127.0.0.1:4010'
const CHICAGO = 'inference.generativeai.us-chicago-1.oci.oraclecloud.com'
const FRANKFURT = 'inference.generativeai.eu-frankfurt-1.oci.oraclecloud.com'
const LLAMA = 'meta.llama-3.3-70b-instruct'
const OCID = modelOcid(LLAMA)
const ENDPOINT = ENDPOINTS[0]?.id ?? ''
const TENANCY = 'ocid1.tenancy.oc1..aaaa'

const models: [name: string, modelId: string, host: string, expected: string][] = [
  ['finds a model by name', LLAMA, LOCAL, LLAMA],
  ['finds a model by OCID', OCID, CHICAGO, LLAMA],
  ['does not find the OCID of another region', OCID, FRANKFURT, 'NotAuthorizedOrNotFound'],
  [
    'does not find an unknown model',
    'meta.llama-9',
    LOCAL,
    'Entity with key meta.llama-9 not found',
  ],
  [
    'does not find a retired model',
    'cohere.command-r-plus',
    LOCAL,
    'Entity with key cohere.command-r-plus not found',
  ],
  [
    'does not find a model without chat',
    'cohere.embed-v4.0',
    LOCAL,
    'Entity with key cohere.embed-v4.0 not found',
  ],
  ['finds the default model of a vendor', 'meta.sim-status-429', LOCAL, LLAMA],
  ['finds a model with a fault', 'xai.grok-4.sim-silent', LOCAL, 'xai.grok-4'],
  [
    'does not find an unknown fault',
    'meta.sim-headache',
    LOCAL,
    'Entity with key meta.sim-headache not found',
  ],
  [
    'does not find an inherited property',
    'constructor',
    LOCAL,
    'Entity with key constructor not found',
  ],
]

const endpoints: [name: string, endpointId: string, host: string, expected: string][] = [
  ['finds an endpoint', ENDPOINT, CHICAGO, LLAMA],
  ['does not find it in another region', ENDPOINT, FRANKFURT, 'NotAuthorizedOrNotFound'],
  ['does not find another', 'ocid1.generativeaiendpoint.oc1..x', LOCAL, 'NotAuthorizedOrNotFound'],
]

const compartments: [compartment: string, keyId: string, code: string | undefined][] = [
  ['ocid1.compartment.oc1..aaaa', `${TENANCY}/user/finger`, undefined],
  [TENANCY, `${TENANCY}/user/finger`, undefined],
  [TENANCY, 'ST$token', undefined],
  ['ocid1.tenancy.oc1..bbbb', `${TENANCY}/user/finger`, 'NotAuthorizedOrNotFound'],
  ['ocid1.compartment.oc1..denied', `${TENANCY}/user/finger`, 'NotAuthorizedOrNotFound'],
  ['my compartment', `${TENANCY}/user/finger`, 'InvalidParameter'],
]

describe('resolveModel()', () => {
  for (const [name, modelId, host, expected] of models) {
    it(name, () => {
      assert.equal(
        outcome(resolveModel({ servingType: 'ON_DEMAND', modelId }, 'CHAT', host, NOW)),
        expected,
      )
    })
  }

  for (const [name, endpointId, host, expected] of endpoints) {
    it(name, () => {
      const mode = { servingType: 'DEDICATED', endpointId } as const
      assert.equal(outcome(resolveModel(mode, 'CHAT', host, NOW)), expected)
    })
  }

  it('limits the output of on-demand models', () => {
    const caps = [LLAMA, 'xai.grok-3'].map((modelId) => {
      const serving = resolveModel({ servingType: 'ON_DEMAND', modelId }, 'CHAT', LOCAL, NOW)
      return isServiceError(serving) ? undefined : serving.maxOutputTokens
    })
    assert.deepEqual(caps, [4000, Infinity])
  })
})

describe('checkCompartment()', () => {
  for (const [compartment, keyId, code] of compartments) {
    it(`returns ${code ?? 'nothing'} for ${compartment} of ${keyId.slice(0, 8)}`, () => {
      assert.equal(checkCompartment(compartment, keyId)?.code, code)
    })
  }
})

function outcome(serving: ReturnType<typeof resolveModel>): string {
  if (!isServiceError(serving)) return serving.model.name
  return serving.code === '404' ? serving.message : serving.code
}
