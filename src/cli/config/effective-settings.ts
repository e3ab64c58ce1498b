import type { CheckedConfig } from '../../config/check.ts'
import { CREDENTIAL_VARIABLES, variableAt, withCredential } from '../../config/environment.ts'
import { findValue } from '../../config/jsonc.ts'
import { toConfig } from '../../config/read.ts'
import { listSettings, type SettingDefinition } from '../../config/settings.ts'
import { isJsonObject } from '../../json-object.ts'
import type { Environment } from '../../platform.ts'
import { type FlagValues, sourceOf } from '../connection-flags.ts'
import {
  type CredentialSettings,
  describeCredential,
  type EffectiveSetting,
} from './credential-settings.ts'
import type { Host } from '../host.ts'

/** Settings by their keys with dots. */
export type EffectiveSettings = ReadonlyMap<string, EffectiveSetting>

export interface SettingSources {
  config: Extract<CheckedConfig, { type: 'valid' }>
  /** With the flags. */
  env: Environment
  flags: FlagValues
}

/** Collects every setting of the gateway and of its credential. */
export async function effectiveSettings(
  sources: SettingSources,
  { files }: Pick<Host, 'files'>,
): Promise<{ settings: EffectiveSettings; warnings: readonly string[] }> {
  const { config: { merged }, env, flags } = sources
  const credential = await describeCredential(
    withCredential(env, merged.credential),
    files,
    (variable) => sourceOf(variable, flags),
  )
  const settings = listSettings().flatMap((definition) =>
    settingsOf(definition, sources, credential)
  )
  const found = new Map([...settings, ...credential.settings])
  return { settings: withComputed(found, credential), warnings: credential.warnings }
}

type NamedSetting = readonly [key: string, setting: EffectiveSetting]

function settingsOf(
  definition: SettingDefinition,
  sources: SettingSources,
  credential: CredentialSettings,
): NamedSetting[] {
  const { path, kind } = definition
  const value = valueAt(sources.config.merged, path)
  if (kind === 'map') {
    const names = Object.keys(isJsonObject(value) ? value : {})
    const own = names.map((name) => namedSetting([...path, name], sources))
    return path[0] === 'aliases' ? [...own, ...builtInAliases(sources)] : own
  }
  const isSet = value !== undefined || credentialVariable(path, sources.env) !== undefined
  if (isSet) return [namedSetting(path, sources)]
  return [[path.join('.'), credential.defaults.get(path.join('.')) ?? defaultOf(definition)]]
}

function builtInAliases({ config: { merged } }: SettingSources): NamedSetting[] {
  return [...toConfig(merged).aliases]
    .filter(([name]) => !Object.hasOwn(merged.aliases ?? {}, name))
    .map(([name, model]) => [`aliases.${name}`, { value: model, source: 'default' }])
}

/** A setting that the environment or the file sets. */
function namedSetting(
  path: readonly string[],
  { config: { merged, overrides, document }, env, flags }: SettingSources,
): NamedSetting {
  const key = path.join('.')
  const credential = credentialVariable(path, env)
  if (credential !== undefined) {
    return [key, { value: env[credential]?.trim(), source: sourceOf(credential, flags) }]
  }
  const value = valueAt(merged, path)
  if (valueAt(overrides, path) !== undefined || document === undefined) {
    return [key, { value, source: sourceOf(variableAt(path), flags) }]
  }
  const found = findValue(document.root, path)
  const { line } = found && 'keyPosition' in found ? found.keyPosition : { line: 1 }
  return [key, { value, source: `${document.name}:${line}` }]
}

/** The variable that sets a key of `credential`. */
function credentialVariable([first, second]: readonly string[], env: Environment) {
  const found = Object.entries(CREDENTIAL_VARIABLES).find(([name]) => name === second)
  return first === 'credential' ? found?.[1].find((name) => env[name]?.trim()) : undefined
}

function defaultOf({ kind, byDefault }: SettingDefinition): EffectiveSetting {
  const value = byDefault !== '' && Number.isFinite(Number(byDefault))
    ? Number(byDefault)
    : byDefault
  const isNone = byDefault === 'none'
  return { value: isNone ? kind === 'list' ? [] : null : value, source: 'default' }
}

function valueAt(file: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, key) => isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined,
    file,
  )
}

const PER_CLIENT = 'limits.maxConcurrentRequestsPerClient'

/** Replaces defaults that depend on other settings by their values. */
function withComputed(
  settings: ReadonlyMap<string, EffectiveSetting>,
  { endpointsOf }: CredentialSettings,
): EffectiveSettings {
  const isDefault = (key: string) => settings.get(key)?.source === 'default'
  const most = settings.get('limits.maxConcurrentRequests')?.value
  const regions = settings.get('regions')?.value
  const endpoints = endpointsOf(Array.isArray(regions) ? String(regions[0]) : undefined)
  const computed: NamedSetting[] = [
    ...(isDefault(PER_CLIENT)
      ? [[PER_CLIENT, { value: Math.ceil(Number(most) / 2), source: 'default' }] as const]
      : []),
    ...endpoints.filter(([key]) => isDefault(key)),
  ]
  return new Map([...settings, ...computed])
}
