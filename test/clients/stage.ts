import type { ReceivedRequest } from '../../src/simulator/exchange.ts'
import { startOci } from '../runtimes/oci.ts'
import { startGateway } from '../runtimes/start.ts'
import type { Connection } from '../../src/clients/client.ts'
import { connectionOf } from '../../src/cli/connect/connection.ts'
import type { Client } from './client.ts'

/** A separate gateway for a client, in front of a separate simulator. */
export interface Stage {
  connection: Connection
  /** All requests to OCI, oldest first. */
  seen: readonly ReceivedRequest[]
  stop(): Promise<void>
}

/** Starts both on free ports. */
export async function openStage({ aliases }: Client): Promise<Stage> {
  const oci = await startOci()
  try {
    const gateway = await startGateway('node', oci, { MODEL_MAP: JSON.stringify(aliases) })
    return {
      connection: connectionOf({ url: gateway.url, key: gateway.key }),
      seen: oci.seen,
      async stop() {
        await gateway.stop()
        oci.stop()
      },
    }
  } catch (thrown) {
    oci.stop()
    throw thrown
  }
}
