import { withCredential } from '../config/environment.ts'
import { readConfig } from '../config/read.ts'
import { resolveSecrets } from '../config/secrets.ts'
import { readConfigSource } from '../config/source.ts'
import { ApiError } from '../errors.ts'
import type { Environment } from '../platform.ts'
import type { Store } from '../store/store.ts'
import { withConfigFile } from './config-file.ts'
import type { Host } from './host.ts'
import { readHostSecret } from './open-principal.ts'

/**
 * Runs a command's work with the store of the environment or of the configuration file, and closes
 * the store. It needs no credential of OCI.
 * @param env the environment with the command's flags, see `withFlags`
 */
export async function withStore<Result>(
  host: Host,
  env: Environment,
  work: (store: Store) => Promise<Result>,
): Promise<Result> {
  return await withOptionalStore(host, env, async (store) => {
    if (store) return await work(store)
    throw noStore('No store is configured: set GATEWAY_STORE, such as sqlite:./gateway.db')
  })
}

/** Like `withStore`, for work that also does something useful without a store. */
export async function withOptionalStore<Result>(
  host: Host,
  env: Environment,
  work: (store: Store | undefined) => Promise<Result>,
): Promise<Result> {
  const selected = await withConfigFile(env, host)
  const { location, counters } = await locate(host, selected)
  if (location === undefined) return await work(undefined)
  if (location === 'memory:') {
    throw noStore(
      'The store memory: is inside the process of the gateway. Set GATEWAY_STORE to one that ' +
        'commands can open too, such as sqlite:./gateway.db',
    )
  }
  const store = await host.openStore(location, counters)
  try {
    return await work(store)
  } finally {
    await store.close()
  }
}

/** The locations of the configuration. A reference to OCI Vault is read with OCI's credential. */
async function locate(host: Host, env: Environment) {
  const source = await readConfigSource(env, host.files)
  const { store, counters, credential } = readConfig(env, source, { requireKeys: false })
  const readVault = (id: string) => readHostSecret(id, host, withCredential(env, credential))
  const resolved = await resolveSecrets(
    { store, counters, access: { apiKeys: [] } },
    { env, files: host.files, readVault },
  )
  return { location: resolved.store, counters: resolved.counters }
}

function noStore(message: string): ApiError {
  return new ApiError('configuration_error', message, { reason: 'configuration' })
}
