import { ApiError, quotePath } from '../errors.ts'
import type { Environment, Files } from '../platform.ts'

/** The text of a configuration file, and its name in messages. */
export interface ConfigSource {
  name: string
  text: string
}

/** The variable with the path of the configuration file, or with its text. */
export const CONFIG_VARIABLE = 'GATEWAY_CONFIG'

/** Reads the text that `GATEWAY_CONFIG` contains or names; `undefined` if it is not set. */
export async function readConfigSource(
  env: Environment,
  files: Files | undefined,
): Promise<ConfigSource | undefined> {
  const value = env[CONFIG_VARIABLE]?.trim() ?? ''
  if (value === '') return undefined
  if (isConfigText(value)) return { name: CONFIG_VARIABLE, text: value }
  const text = await readText(value, files)
  if (text !== undefined) return { name: nameOf(value), text }
  throw new ApiError(
    'configuration_error',
    `Cannot read ${CONFIG_VARIABLE} (or --config): ${unreadable(value, files)}`,
    { reason: 'configuration' },
  )
}

/** Reads the file; `undefined` if it does not exist. The error names the file for `doctor`. */
async function readText(path: string, files: Files | undefined): Promise<string | undefined> {
  try {
    return await files?.read(path)
  } catch (cause) {
    const problem = 'this process has no permission to read it, or it is not a file'
    throw new ApiError('configuration_error', `Cannot read ${quotePath(path)}: ${problem}`, {
      reason: 'unreadable_file',
      cause,
    })
  }
}

/** The path of the configuration file, if `GATEWAY_CONFIG` contains a path. */
export function configPath(env: Environment): string | undefined {
  const value = env[CONFIG_VARIABLE]?.trim() ?? ''
  return value === '' || isConfigText(value) ? undefined : value
}

/** An object, possibly after a comment. A path with a line break or "/*" is none. */
function isConfigText(value: string): boolean {
  return /^(\{|\/\*|\/\/[^\n]*\n)/.test(value)
}

/** A path that does not look like one could be a secret in the wrong place. */
function nameOf(path: string): string {
  return quotePath(path) === `"${path}"` ? path : CONFIG_VARIABLE
}

/** Quotes only values that look like a path: others may be the configuration with its API keys. */
function unreadable(value: string, files: Files | undefined): string {
  if (/^["'`]/.test(value)) {
    return 'the value starts with a quotation mark. Remove the quotation marks around it'
  }
  return files
    ? `the file ${quotePath(value)} does not exist. Set it to a path, or to the JSON itself`
    : 'this runtime has no files. Set it to a JSON object'
}
