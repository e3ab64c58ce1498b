import { type Gateway, openGateway } from '../entry/gateway.ts'
import type { Environment } from '../platform.ts'
import type { Host } from './host.ts'

/**
 * Opens the gateway with the files and the network of a command's host.
 * @param env the environment with the command's flags, see `withFlags`
 * @param write receives the lines of the log
 */
export function openHostGateway(
  { files, fetch, fetchWithCa, runtime }: Host,
  env: Environment,
  write: (line: string) => void,
): Promise<Gateway> {
  return openGateway({
    ...{ env, files, fetch, fetchWithCa, write },
    coalesceChunks: runtime.name === 'deno',
  })
}
