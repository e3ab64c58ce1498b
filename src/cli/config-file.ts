import { CONFIG_VARIABLE } from '../config/source.ts'
import type { Environment } from '../platform.ts'
import type { Host, TextOutput } from './host.ts'

/** The configuration file that commands read in the current directory, and that `init` writes. */
export const CONFIG_FILE = 'gateway.config.jsonc'

/**
 * Selects the configuration file in the current directory if neither `--config` nor `GATEWAY_CONFIG`
 * does, and reports it on standard error. Only commands do so: a server that is started otherwise
 * reads no file that its environment does not name.
 * @param env the environment with the command's flags, see `withFlags`
 */
export async function withConfigFile(
  env: Environment,
  { files, stderr }: Pick<Host, 'files'> & { stderr: Pick<TextOutput, 'write'> },
): Promise<Environment> {
  if (env[CONFIG_VARIABLE]?.trim()) return env
  // A file that cannot be read is reported by the code that uses it, and by `doctor`.
  const text = await files.read(CONFIG_FILE).catch(() => '')
  if (text === undefined) return env
  stderr.write(`Configuration: ${CONFIG_FILE}\n`)
  return { ...env, [CONFIG_VARIABLE]: CONFIG_FILE }
}
