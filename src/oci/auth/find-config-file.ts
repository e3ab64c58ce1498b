import { ApiError } from '../../errors.ts'
import type { Environment, Files } from '../../platform.ts'
import { expandHome, readFile } from './read-file.ts'

/** The configuration file, or the paths at which there is none. */
export type ConfigFileSearch = { path: string; text: string } | { path: undefined; tried: string[] }

/** The variables that name a configuration file, by precedence. */
export const CONFIG_FILE_VARIABLES = ['OCI_CONFIG_FILE', 'OCI_CLI_CONFIG_FILE']

const DEFAULT_PATHS = ['~/.oci/config', '~/.oraclebmc/config']

/**
 * Finds the configuration file: the one that the environment names, which must exist, otherwise the
 * first default path that exists. (Oracle's SDKs give the variable the lowest precedence.)
 */
export async function findConfigFile(
  environment: Environment,
  files: Files | undefined,
): Promise<ConfigFileSearch> {
  const variable = CONFIG_FILE_VARIABLES.find((name) => environment[name]?.trim())
  const named = variable && environment[variable]?.trim()
  const paths = named ? [named] : DEFAULT_PATHS
  const tried = files ? paths.map((path) => expandHome(path, files.home)) : []
  for (const path of tried) {
    const text = files && await readFile(files, path)
    if (text !== undefined) return { path, text }
  }
  if (variable === undefined) return { path: undefined, tried }
  const state = files
    ? `there is no file "${tried[0]}"`
    : 'this runtime has no file system. Set the OCI_CLI_* variables instead'
  throw new ApiError('configuration_error', `Cannot use ${variable}: ${state}`, {
    reason: 'config_file_missing',
  })
}
