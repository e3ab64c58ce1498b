import type { Capabilities } from './capabilities.ts'
import type { Config } from './read.ts'
import type { ConfigFile } from './schema.ts'
import { listSettings } from './settings.ts'

/**
 * The settings of parts that are opened once: a change applies after a restart. Their names are the
 * same in the file and in the configuration.
 */
const RESTART_SETTINGS = [
  ...['host', 'port', 'store', 'counters', 'budgets', 'logFormat', 'telemetry'] as const,
]

/** The secrets of `access`, whose values may change although their references do not. */
const ACCESS_SECRETS = ['apiKeys', 'adminKey', 'metricsKey'] as const

/** A configuration as it is written, and as it is used. */
export interface ReadConfig {
  /** The keys of the file, overridden by those of the environment. References are not resolved. */
  merged: ConfigFile
  /** With resolved secrets. */
  config: Config
  /** What the file of `oci-gateway probe` adds, if there is one. */
  capabilities: Capabilities | undefined
}

/** Names the settings that differ, such as `limits.maxTools`, without those that need a restart. */
export function changedSettings(before: ReadConfig, after: ReadConfig): string[] {
  const written = listSettings()
    .filter(({ path: [first] }) => !RESTART_SETTINGS.some((name) => name === first))
    .filter(({ path }) => differs(valueAt(before.merged, path), valueAt(after.merged, path)))
    .map(({ path }) => path.join('.'))
  const secrets = ACCESS_SECRETS
    .filter((name) => differs(before.config.access[name], after.config.access[name]))
    .map((name) => `access.${name}`)
  const isProbed = differs(appliedOf(before), appliedOf(after)) ? ['capabilities'] : []
  return [...new Set([...written, ...secrets, ...isProbed])]
}

/** The members that apply; the others are for people. */
function appliedOf({ capabilities }: ReadConfig): object {
  const { nativeBearer, aliases, models }: Partial<Capabilities> = capabilities ?? {}
  return { nativeBearer, aliases, models }
}

/** Keeps the settings that need a restart, and names those of them that differ. */
export function keepRestartSettings(
  running: Config,
  next: Config,
): { config: Config; kept: string[] } {
  const kept = Object.fromEntries(RESTART_SETTINGS.map((name) => [name, running[name]]))
  return {
    // All of them are settings of `running`.
    config: { ...next, ...kept as Pick<Config, typeof RESTART_SETTINGS[number]> },
    kept: RESTART_SETTINGS.filter((name) => differs(running[name], next[name])),
  }
}

/** The values are those of JSON, or have only such members. */
function differs(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) !== JSON.stringify(other)
}

function valueAt(file: ConfigFile, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => Object(value)[key], file)
}
