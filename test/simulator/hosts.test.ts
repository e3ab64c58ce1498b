import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { type Caller, createCaller } from './caller.ts'

const REGION = 'us-chicago-1.oci.oraclecloud.com'
const INFERENCE = `https://inference.generativeai.${REGION}`
const CONTROL = `https://generativeai.${REGION}`
const IDENTITY = `https://identity.${REGION}`
const AUTH = 'https://auth.us-chicago-1.oraclecloud.com'
const MODELS = '/20231130/models?compartmentId=ocid1.compartment.oc1..a'

const calls: [url: string, method: string, status: number][] = [
  [`${CONTROL}${MODELS}`, 'GET', 200],
  [`${INFERENCE}${MODELS}`, 'GET', 404],
  [`${AUTH}${MODELS}`, 'GET', 404],
  [`${INFERENCE}/20231130/actions/chat`, 'POST', 400],
  [`${INFERENCE}/openai/v1/chat/completions`, 'POST', 400],
  [`${CONTROL}/20231130/actions/chat`, 'POST', 404],
  [`${CONTROL}/openai/v1/chat/completions`, 'POST', 404],
  [`${IDENTITY}/20160918/compartments`, 'GET', 400],
  [`${CONTROL}/20160918/compartments`, 'GET', 404],
  [`${IDENTITY}${MODELS}`, 'GET', 404],
  [`${AUTH}/v1/x509`, 'POST', 400],
  [`${INFERENCE}/v1/x509`, 'POST', 404],
  ['http://169.254.169.254/opc/v2/instance/region', 'GET', 401],
  ['http://[fd00:c1::a9fe:a9fe]/opc/v2/instance/region', 'GET', 401],
  ['http://169.254.169.254/v1/x509', 'POST', 404],
  [`${AUTH}/opc/v2/instance/region`, 'GET', 404],
  ['https://idcs-1.identity.oraclecloud.com/v1/x509', 'POST', 404],
]

describe('checkHost()', () => {
  let caller: Caller
  before(async () => {
    caller = await createCaller()
  })

  for (const [url, method, status] of calls) {
    it(`answers ${status} to ${method} ${url}`, async () => {
      assert.equal((await caller.send({ path: url, method })).status, status)
    })
  }

  it('serves all paths on a loopback address', async () => {
    assert.equal((await caller.send({ path: MODELS, method: 'GET' })).status, 200)
    assert.equal((await caller.send({ path: '/v1/x509' })).status, 400)
  })
})
