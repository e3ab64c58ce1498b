import { ApiError } from '../../errors.ts'
import type { Environment, Files } from '../../platform.ts'
import { expandHome, readFile } from './read-file.ts'

/** A configuration file that was found; or where it was looked for in vain. */
export type ConfigFileSearch = { path: string; text: string } | { path: undefined; tried: string[] }

/** The variables that name a configuration file, the first one first. */
export const CONFIG_FILE_VARIABLES = ['OCI_CONFIG_FILE', 'OCI_CLI_CONFIG_FILE']

const USUAL_PATHS = ['~/.oci/config', '~/.oraclebmc/config']

/**
 * The configuration file: the one that the environment names, which must be there, else the first
 * of the usual ones. (Oracle's SDKs look at the variable last, which surprises people.)
 */
export async function findConfigFile(
  environment: Environment,
  files: Files | undefined,
): Promise<ConfigFileSearch> {
  const variable = CONFIG_FILE_VARIABLES.find((name) => environment[name]?.trim())
  const named = variable && environment[variable]?.trim()
  const paths = named ? [named] : USUAL_PATHS
  const tried = files ? paths.map((path) => expandHome(path, files.home)) : []
  for (const path of tried) {
    const text = files && await readFile(files, path)
    if (text !== undefined) return { path, text }
  }
  if (variable === undefined) return { path: undefined, tried }
  const state = files ? `there is no file "${tried[0]}"` : 'there are no files on this runtime'
  throw new ApiError('configuration_error', `Cannot use ${variable}: ${state}`, {
    reason: 'config_file_missing',
  })
}
