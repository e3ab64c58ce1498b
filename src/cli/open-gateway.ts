import type { Gateway } from '../entry/gateway.ts'
import { sha256 } from '../entry/native-hash.ts'
import { readProcess } from '../entry/process-reading.ts'
import type { Environment } from '../platform.ts'
import { withConfigFile } from './config-file.ts'
import type { Host } from './host.ts'

/**
 * Opens the gateway with the files and the network of a command's host, and with the configuration
 * file of the current directory if the environment names none.
 * @param env the environment with the command's flags, see `withFlags`
 * @param write receives the lines of the log
 */
export async function openHostGateway(
  host: Host,
  env: Environment,
  write: (line: string) => void,
  { usesStore = true, terminal }: {
    usesStore?: boolean
    /** Absent where `write` expects JSON, or does not write to a terminal. */
    terminal?: { hasColors: boolean } | undefined
  } = {},
): Promise<Gateway> {
  const { files, fetch, fetchWithCa, openStore, runtime } = host
  // Loaded only now, so that help and completion are fast.
  const { openGateway } = await import('../entry/gateway.ts')
  return await openGateway({
    ...{ env: await withConfigFile(env, host), files, fetch, fetchWithCa, write },
    ...{ openStore, usesStore, sha256, terminal, readProcess },
    coalesceChunks: runtime.name === 'deno',
  })
}
