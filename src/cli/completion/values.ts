import { checkConfig } from '../../config/check.ts'
import { toConfig } from '../../config/read.ts'
import { readConfigSource } from '../../config/source.ts'
import { parseConfigFile } from '../../oci/auth/config-file.ts'
import { findConfigFile } from '../../oci/auth/find-config-file.ts'
import { CLIENTS } from '../../clients/table.ts'
import { CATALOGUE } from '../../oci/models/catalogue.ts'
import { REGION_IDS } from '../../oci/regions.ts'
import { withConfigFile } from '../config-file.ts'
import type { Host } from '../host.ts'
import type { CompletedValue } from '../parse-arguments.ts'

type NamedValue = Exclude<CompletedValue, 'file'>

const SOURCES: Readonly<Record<NamedValue, (host: Host) => Promise<readonly string[]>>> = {
  client: () => Promise.resolve(CLIENTS.map(({ name }) => name)),
  model: async (host) => [...await aliases(host), ...CATALOGUE],
  profile: profiles,
  region: () => Promise.resolve(REGION_IDS),
}

/** The known values of a kind, without a network. Files that cannot be read are no error. */
export async function valuesOf(kind: NamedValue, host: Host): Promise<readonly string[]> {
  return await SOURCES[kind](host).catch(() => [])
}

async function profiles({ env, files }: Host): Promise<readonly string[]> {
  const file = await findConfigFile(env, files)
  return file.path === undefined ? [] : [...parseConfigFile(file.text, file.path).keys()]
}

/** The built-in aliases and those of the configuration, without patterns. */
async function aliases({ env, files }: Host): Promise<readonly string[]> {
  const silent = { write: () => {} }
  const source = await readConfigSource(await withConfigFile(env, { files, stderr: silent }), files)
  const checked = checkConfig(env, source)
  const config = toConfig(checked.type === 'valid' ? checked.merged : {})
  return [...config.aliases.keys()].filter((name) => !name.endsWith('*'))
}
