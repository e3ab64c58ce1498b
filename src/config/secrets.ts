import { ApiError } from '../errors.ts'
import type { Environment, Files } from '../platform.ts'
import type { TelemetrySettings } from '../telemetry/settings.ts'

/** Where the values of references come from. */
export interface SecretSources {
  env: Environment
  /** `undefined` on runtimes without files. */
  files: Files | undefined
  /** Reads a secret of OCI Vault by its OCID. Without it, references to the vault remain. */
  readVault?: ((id: string) => Promise<string>) | undefined
}

/** A secret outside the configuration: `env:NAME`, `file:/path` or `vault://ocid1.vaultsecret…`. */
export type Reference =
  | { type: 'env'; name: string }
  | { type: 'file'; path: string }
  | { type: 'vault'; id: string }

/** Reads a reference; `undefined` for a value that is none. */
export function parseReference(text: string): Reference | undefined {
  const [, scheme, name = ''] = /^(env:|file:|vault:\/\/)(.+)$/.exec(text.trim()) ?? []
  switch (scheme) {
    case 'env:':
      return { type: 'env', name }
    case 'file:':
      return { type: 'file', path: name }
    case 'vault://':
      return { type: 'vault', id: name }
    default:
      return undefined
  }
}

/** What a location of a store is, and how a message says what it must be. */
export const STORE_LOCATION = {
  pattern: /^(memory:|sqlite:.+|postgres(ql)?:\/\/.+)$/,
  problem: 'must be sqlite:FILE, postgres://… or memory:',
}
export const COUNTERS_LOCATION = {
  pattern: /^rediss?:\/\/.+$/,
  problem: 'must be redis://… or rediss://…',
}
export const KEY = {
  pattern: /^[\x21-\x7e]+$/,
  problem: 'must be printable ASCII without spaces',
}

const HEADER = { pattern: /^[\x20-\x7e]+$/, problem: 'must be printable ASCII' }

type Rule = typeof KEY

/** The settings that may be references. */
interface Secrets {
  access: {
    apiKeys: readonly string[]
    adminKey?: string | undefined
    metricsKey?: string | undefined
  }
  store: string | undefined
  counters: string | undefined
  telemetry?: Pick<TelemetrySettings, 'otlp' | 'apm'>
}

/**
 * Replaces the references in the keys, the store, the counters and the secrets of telemetry by their
 * values. A reference in the list of API keys may have several values, separated by commas or line
 * breaks. Throws a `configuration_error` that names the reference, never its value.
 */
export async function resolveSecrets<Config extends Secrets>(
  config: Config,
  sources: SecretSources,
): Promise<Config> {
  const { access, store, counters, telemetry } = config
  const resolve = async (key: string, text: string | undefined, rule: Rule) =>
    text === undefined ? undefined : await resolveOne(key, text, rule, sources)
  const apiKeys = access.apiKeys.map((text) => resolveKeys(text, sources))
  return {
    ...config,
    access: {
      ...access,
      apiKeys: (await Promise.all(apiKeys)).flat(),
      adminKey: await resolve('access.adminKey', access.adminKey, KEY),
      metricsKey: await resolve('access.metricsKey', access.metricsKey, KEY),
    },
    store: await resolve('store', store, STORE_LOCATION),
    counters: await resolve('counters', counters, COUNTERS_LOCATION),
    ...(telemetry && { telemetry: await resolveTelemetry(telemetry, sources) }),
  }
}

async function resolveTelemetry(
  telemetry: NonNullable<Secrets['telemetry']>,
  sources: SecretSources,
): Promise<NonNullable<Secrets['telemetry']>> {
  const { otlp, apm } = telemetry
  const headers = Object.entries(otlp?.headers ?? {}).map(async ([name, text]) => {
    return [name, await resolveOne(`telemetry.otlpHeaders.${name}`, text, HEADER, sources)] as const
  })
  return {
    ...telemetry,
    otlp: otlp && { ...otlp, headers: Object.fromEntries(await Promise.all(headers)) },
    apm: apm && {
      ...apm,
      dataKey: await resolveOne('telemetry.apmDataKey', apm.dataKey, KEY, sources),
    },
  }
}

/** The files that contain secrets of the configuration. */
export function referencedFiles({ access, store, counters, telemetry }: Secrets): string[] {
  const texts = [
    ...[...access.apiKeys, access.adminKey, access.metricsKey, store, counters],
    ...[...Object.values(telemetry?.otlp?.headers ?? {}), telemetry?.apm?.dataKey],
  ]
  return texts.flatMap((text = '') => {
    const reference = parseReference(text)
    return reference?.type === 'file' ? [reference.path] : []
  })
}

/** Variables with secrets of the credential, which must be known before the vault can be read. */
const CREDENTIAL_SECRETS = [
  ...['OCI_GENAI_API_KEY', 'OCI_CLI_KEY_CONTENT', 'OCI_CLI_PASSPHRASE'],
]

/** Replaces the references in variables with secrets of the credential; the vault is not possible. */
export async function withCredentialSecrets(
  env: Environment,
  files: Files | undefined,
): Promise<Environment> {
  const found = CREDENTIAL_SECRETS.flatMap((name) => {
    const reference = parseReference(env[name] ?? '')
    return reference ? [{ name, reference }] : []
  })
  const values = await Promise.all(
    found.map(async ({ name, reference }) =>
      [name, await readReference(name, reference, { env, files })] as const
    ),
  )
  return values.length > 0 ? { ...env, ...Object.fromEntries(values) } : env
}

async function resolveOne(
  key: string,
  text: string,
  rule: Rule,
  sources: SecretSources,
): Promise<string> {
  const reference = parseReference(text)
  if (!reference) return text
  const value = (await readReference(key, reference, sources)).trim()
  return isUnread(reference, sources) ? value : checked(key, text, value, rule)
}

async function resolveKeys(text: string, sources: SecretSources): Promise<string[]> {
  const reference = parseReference(text)
  if (!reference) return [text]
  const value = await readReference('access.apiKeys', reference, sources)
  const keys = value.split(/[,\n]/).map((each) => each.trim()).filter((each) => each !== '')
  if (keys.length === 0) throw unreadable('access.apiKeys', text, 'it is empty')
  return keys.map((each) => checked('access.apiKeys', text, each, KEY))
}

function isUnread({ type }: Reference, { readVault }: SecretSources): boolean {
  return type === 'vault' && !readVault
}

function checked(key: string, text: string, value: string, { pattern, problem }: Rule): string {
  if (value === '') throw unreadable(key, text, 'it is empty')
  if (!pattern.test(value)) throw unreadable(key, text, `its value ${problem}`)
  return value
}

async function readReference(
  key: string,
  reference: Reference,
  { env, files, readVault }: SecretSources,
): Promise<string> {
  switch (reference.type) {
    case 'env': {
      const value = env[reference.name]?.trim() ?? ''
      if (value === '') throw unreadable(key, `env:${reference.name}`, 'the variable is not set')
      return value
    }
    case 'file':
      return await readFile(key, reference.path, files)
    case 'vault':
      return await readVault?.(reference.id) ?? `vault://${reference.id}`
  }
}

async function readFile(key: string, path: string, files: Files | undefined): Promise<string> {
  const text = await files?.read(path).catch((cause: unknown) => {
    const state = 'this process has no permission to read it, or it is not a file'
    throw unreadable(key, `file:${path}`, state, cause)
  })
  if (text !== undefined) return text
  const state = files ? 'the file does not exist' : 'this runtime has no files'
  throw unreadable(key, `file:${path}`, state)
}

function unreadable(key: string, reference: string, state: string, cause?: unknown): ApiError {
  return new ApiError('configuration_error', `Cannot read ${key} from ${reference}: ${state}`, {
    reason: 'configuration',
    cause,
  })
}
