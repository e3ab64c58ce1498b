import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The alias whose model differs between the configurations. */
export const ALIAS = 'chosen-model'
/** A key that both configurations have, and keys that only one has. */
export const KEYS = { both: 'key-of-both', a: 'key-of-a', b: 'key-of-b' } as const
export const MODELS = { a: 'meta.llama-3.3-70b-instruct', b: 'meta.llama-4-scout-17b-16e-instruct' }

export type Name = keyof typeof MODELS

/** The text of a configuration. Its limits, its queue and its retries differ too. */
export function configurationText(name: Name): string {
  const isA = name === 'a'
  return JSON.stringify({
    access: { apiKeys: [KEYS.both, KEYS[name]] },
    aliases: { [ALIAS]: MODELS[name] },
    limits: {
      ...{ maxConcurrentRequests: isA ? 200 : 300, maxTools: isA ? 10 : 20 },
      failedAuthPerMinute: 100_000,
    },
    retry: { initialDelaySeconds: isA ? 0.01 : 0.02 },
    circuitBreaker: { minimumRequests: isA ? 10 : 20 },
    rateLimitQueue: { maxPerClient: isA ? 0 : 10 },
    responses: { store: { maxItems: isA ? 0 : 10 } },
    heartbeatSeconds: isA ? 1 : 2,
  })
}

/** A configuration file in a folder of its own, which is replaced in the ways that programs use. */
export interface ConfigurationFile {
  path: string
  /** Writes another file and renames it, as editors do. */
  replace(text: string): Promise<void>
  /** Writes into the file. */
  overwrite(text: string): Promise<void>
  /** Replaces the link to the folder with the file, as Kubernetes does for a ConfigMap. */
  swapLink(text: string): Promise<void>
  remove(): Promise<void>
}

/** Creates the file as Kubernetes mounts a ConfigMap: as a link into a folder that is itself a link. */
export async function createConfigurationFile(text: string): Promise<ConfigurationFile> {
  const folder = await mkdtemp(join(tmpdir(), 'reload-'))
  const path = join(folder, 'gateway.config.jsonc')
  let version = 0
  const swapLink = async (next: string) => {
    const data = `..version-${++version}`
    await mkdir(join(folder, data))
    await writeFile(join(folder, data, 'gateway.config.jsonc'), next)
    await symlink(data, join(folder, '..data_tmp'))
    await rename(join(folder, '..data_tmp'), join(folder, '..data'))
    await rm(join(folder, `..version-${version - 1}`), { recursive: true, force: true })
  }
  await swapLink(text)
  await symlink(join('..data', 'gateway.config.jsonc'), path)
  return {
    path,
    swapLink,
    overwrite: (next) => writeFile(path, next),
    async replace(next) {
      await writeFile(`${path}.new`, next)
      await rename(`${path}.new`, path)
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}
