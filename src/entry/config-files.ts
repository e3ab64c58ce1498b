import { isCapabilitiesText } from '../config/capabilities.ts'
import type { Config } from '../config/read.ts'
import { referencedFiles } from '../config/secrets.ts'
import { configPath } from '../config/source.ts'
import type { Environment, Files } from '../platform.ts'

/** The configuration file, if there is one, and the files that it names: secrets and capabilities. */
export function configFiles(env: Environment, written: Config): readonly string[] {
  const path = configPath(env)
  const { capabilities } = written
  return [
    ...path === undefined ? [] : [path],
    ...referencedFiles(written),
    ...capabilities === undefined || isCapabilitiesText(capabilities) ? [] : [capabilities],
  ]
}

/**
 * Resolves with a text that changes with the files. `undefined` while one of them is missing or cannot
 * be read, as in the middle of its replacement.
 */
export async function readTexts(
  paths: readonly string[],
  files: Files | undefined,
): Promise<string | undefined> {
  try {
    const texts = await Promise.all(paths.map((path) => files?.read(path)))
    return texts.includes(undefined) ? undefined : texts.join('\0')
  } catch {
    return undefined
  }
}
