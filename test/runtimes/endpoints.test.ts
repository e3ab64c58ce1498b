import { after, before, describe } from 'node:test'
import { testEndpoints } from '../contract/endpoints.ts'
import { BEARER, PROJECT } from '../oci-names.ts'
import { type FakeOci, startOci } from './oci.ts'
import { startGateway, type Target } from './start.ts'

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
