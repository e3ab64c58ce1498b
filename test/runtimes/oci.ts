import { type Http2Bindings, type HttpBindings, serve } from '@hono/node-server'
import type { AddressInfo, Socket } from 'node:net'
import { createSimulator } from '../../src/simulator/app.ts'
import type { ReceivedRequest } from '../../src/simulator/exchange.ts'
import { createDemoIdentity, type DemoIdentity } from '../../src/simulator/identity.ts'
import { BEARER_KEY } from '../oci-names.ts'

/** The simulator on a separate port, reached over HTTP as OCI is. */
export interface FakeOci {
  url: string
  identity: DemoIdentity
  /** All received requests, oldest first. */
  seen: readonly ReceivedRequest[]
  stop(): void
}

/** An application of the identity domain, and a token that the domain trusts. */
export const APPLICATION = { id: 'app', secret: 'secret' }
export const SUBJECT_TOKEN = 'e30.eyJzdWIiOiJ3b3JrZmxvdyJ9.trusted'

/** @param eventDelay milliseconds between the events of a stream */
export async function startOci(eventDelay = 2): Promise<FakeOci> {
  const identity = await createDemoIdentity()
  const seen: ReceivedRequest[] = []
  const simulator = createSimulator({
    publicKeys: identity.publicKeys,
    bearerKeys: new Set([BEARER_KEY]),
    domain: {
      tenancy: identity.tenancy,
      clients: new Map([[APPLICATION.id, APPLICATION.secret]]),
      trusts: (token) => token === SUBJECT_TOKEN,
    },
    eventDelay,
    onRequest: (request) => seen.push(request),
  })
  const server = serve({
    fetch: async (request, { incoming }: HttpBindings | Http2Bindings) =>
      breakQuietly(await simulator.fetch(request), incoming.socket),
    hostname: '127.0.0.1',
    port: 0,
    overrideGlobalObjects: false,
  })
  await new Promise((resolve) => server.once('listening', resolve))
  // The address of a server on a TCP port is an `AddressInfo`.
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

/** Closes the connection when the body fails; the adapter prints a failed body with its stack. */
function breakQuietly(response: Response, socket: Socket): Response {
  const reader = response.body?.getReader()
  if (!reader) return response
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read()
        if (done) controller.close()
        else controller.enqueue(value)
      } catch {
        socket.destroySoon()
      }
    },
    cancel: (reason) => reader.cancel(reason),
  })
  return new Response(body, response)
}
