import { after, before, describe } from 'node:test'
import { testEndpoints } from '../contract/endpoints.ts'
import { testHttp } from '../contract/http.ts'
import { testMessages } from '../contract/messages.ts'
import { testOpenAiSdk } from '../contract/openai-sdk.ts'
import { testResponses } from '../contract/responses.ts'
import { testStreams } from '../contract/streams.ts'
import type { ContractTarget } from '../contract/target.ts'
import { testTransport } from '../contract/transport.ts'
import { PROJECT } from '../oci-names.ts'
import { type FakeOci, startOci } from './oci.ts'
import { type Runtime, startGateway, type Target } from './start.ts'

/** Runs the contract against the gateway on `runtime`. */
export function testRuntime(runtime: Runtime): void {
  describe(`the gateway on ${runtime}`, () => {
    let oci: FakeOci | undefined
    let gateway: Target | undefined

    before(async () => {
      oci = await startOci()
      gateway = await startGateway(runtime, oci, { OCI_GENAI_PROJECT: PROJECT })
    })
    after(async () => {
      await gateway?.stop()
      oci?.stop()
    })

    const target = (): ContractTarget => {
      if (!gateway || !oci) throw new Error('Cannot test the gateway: it did not start')
      return { ...gateway, seen: oci.seen }
    }
    testHttp(target)
    testStreams(target)
    testOpenAiSdk(target)
    testMessages(target)
    testResponses(target)
    testTransport(target)
    testEndpoints(target)
  })
}
