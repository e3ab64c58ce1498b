import { serve } from '@hono/node-server'
import type { AddressInfo } from 'node:net'
import { createSimulator } from '../../src/simulator/app.ts'
import type { SeenRequest } from '../../src/simulator/exchange.ts'
import { createDemoIdentity, type DemoIdentity } from '../../src/simulator/identity.ts'

/** The simulator on a port of its own, as far from the gateway as OCI is. */
export interface FakeOci {
  url: string
  identity: DemoIdentity
  /** Every request it got, oldest first. */
  seen: readonly SeenRequest[]
  stop(): void
}

export async function startOci(): Promise<FakeOci> {
  const identity = await createDemoIdentity()
  const seen: SeenRequest[] = []
  const simulator = createSimulator({
    publicKeys: identity.publicKeys,
    eventDelay: 2,
    onRequest: (request) => seen.push(request),
  })
  const server = serve({
    fetch: simulator.fetch,
    hostname: '127.0.0.1',
    port: 0,
    overrideGlobalObjects: false,
  })
  await new Promise((resolve) => server.once('listening', resolve))
  // A server that listens on a port has an address with one.
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    identity,
    seen,
    stop() {
      server.close()
      if ('closeAllConnections' in server) server.closeAllConnections()
    },
  }
}
