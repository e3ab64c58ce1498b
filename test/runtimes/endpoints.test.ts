import { after, before, describe } from 'node:test'
import { PROJECT, testEndpoints } from '../contract/endpoints.ts'
import { BEARER_KEY, type FakeOci, startOci } from './oci.ts'
import { startGateway, type Target } from './start.ts'

const BEARER = {
  OCI_AUTH: 'genai_api_key',
  OCI_GENAI_API_KEY: BEARER_KEY,
  OCI_REGION: 'us-chicago-1',
}

/** Workers pass an upload on while it arrives only with a bearer key. */
describe('the gateway on workers, with a bearer key', () => {
  let oci: FakeOci | undefined
  let gateway: Target | undefined

  before(async () => {
    oci = await startOci()
    const variables = { OCI_GENAI_PROJECT: PROJECT, ...BEARER }
    gateway = await startGateway('workers', oci, variables, { bare: true })
  })
  after(async () => {
    await gateway?.stop()
    oci?.stop()
  })

  testEndpoints(() => {
    if (!gateway || !oci) throw new Error('Cannot test the gateway: it did not start')
    return { ...gateway, seen: oci.seen }
  })
})
