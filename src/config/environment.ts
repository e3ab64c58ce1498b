import * as v from 'valibot'
import type { Environment } from '../platform.ts'
import type { ConfigFile } from './schema.ts'
import { headersOf } from './telemetry.ts'

/** The environment variables by the key of the configuration file that they override. */
export const CONFIG_VARIABLES = {
  host: 'HOST',
  port: 'PORT',
  apiKeys: 'GATEWAY_API_KEYS',
  adminKey: 'GATEWAY_ADMIN_KEY',
  metricsKey: 'GATEWAY_METRICS_KEY',
  store: 'GATEWAY_STORE',
  counters: 'GATEWAY_COUNTERS',
  aliases: 'MODEL_MAP',
  regions: 'OCI_REGION',
  compartmentId: 'OCI_COMPARTMENT_ID',
  project: 'OCI_GENAI_PROJECT',
  inferenceEndpoint: 'OCI_GENAI_ENDPOINT',
  controlEndpoint: 'OCI_GENAI_CONTROL_ENDPOINT',
  capabilities: 'GATEWAY_CAPABILITIES',
  logLevel: 'LOG_LEVEL',
  logFormat: 'LOG_FORMAT',
  console: 'GATEWAY_CONSOLE',
  serviceName: 'OTEL_SERVICE_NAME',
  otlpEndpoint: 'OTEL_EXPORTER_OTLP_ENDPOINT',
  otlpHeaders: 'OTEL_EXPORTER_OTLP_HEADERS',
  apmEndpoint: 'OCI_APM_ENDPOINT',
  apmDataKey: 'OCI_APM_DATA_KEY',
  monitoringNamespace: 'OCI_MONITORING_NAMESPACE',
} as const

/** The keys with a variable that belong to an object of the file. */
const NESTED = {
  access: ['apiKeys', 'adminKey', 'metricsKey'],
  telemetry: [
    ...['serviceName', 'otlpEndpoint', 'otlpHeaders', 'apmEndpoint', 'apmDataKey'],
    'monitoringNamespace',
  ],
} as const

type VariableName = typeof CONFIG_VARIABLES[keyof typeof CONFIG_VARIABLES]

/** Reads the keys that the environment sets, unchecked, in the shape of the configuration file. */
export function fromEnvironment(env: Environment): Record<string, unknown> {
  const values = Object.entries(CONFIG_VARIABLES).map(([key, name]) => [key, valueOf(name, env)])
  const set: Record<string, unknown> = Object.fromEntries(
    values.filter(([, value]) => value !== undefined && value !== ''),
  )
  for (const [object, keys] of Object.entries(NESTED)) {
    const own = keys.filter((key) => key in set).map((key) => [key, set[key]])
    for (const key of keys) delete set[key]
    if (own.length > 0) set[object] = Object.fromEntries(own)
  }
  return set
}

/** The variable of a key at a path in the result of `fromEnvironment`. */
export function variableAt(path: readonly unknown[]): string {
  const key = Object.hasOwn(NESTED, String(path[0])) ? path[1] : path[0]
  const entry = Object.entries(CONFIG_VARIABLES).find(([name]) => name === key)
  return entry?.[1] ?? String(key)
}

/** The keys of the file, overridden by those of the environment. Aliases are merged. */
export function mergeConfig(file: ConfigFile, overrides: ConfigFile): ConfigFile {
  const { access, aliases, telemetry, ...others } = overrides
  return {
    ...file,
    ...others,
    ...(access && { access: { ...file.access, ...access } }),
    ...(telemetry && { telemetry: { ...file.telemetry, ...telemetry } }),
    ...(aliases && { aliases: { ...file.aliases, ...aliases } }),
  }
}

/** The variables of each key of `credential`, by precedence. */
export const CREDENTIAL_VARIABLES = {
  auth: ['OCI_AUTH', 'OCI_CLI_AUTH'],
  profile: ['OCI_PROFILE', 'OCI_CLI_PROFILE'],
  configFile: ['OCI_CONFIG_FILE', 'OCI_CLI_CONFIG_FILE'],
} as const

/** Adds the credential of the configuration file to the variables that select a credential. */
export function withCredential(
  env: Environment,
  credential: ConfigFile['credential'] = {},
): Environment {
  const added = Object.entries(CREDENTIAL_VARIABLES).flatMap(([key, variables]) => {
    const value = credential[key as keyof typeof CREDENTIAL_VARIABLES]
    const isSet = variables.some((variable) => env[variable]?.trim())
    return value === undefined || isSet ? [] : [[variables[0], value]]
  })
  return { ...env, ...Object.fromEntries(added) }
}

function valueOf(name: VariableName, env: Environment): unknown {
  const text = env[name]
  switch (name) {
    case 'PORT':
      return numberOf(text)
    case 'GATEWAY_API_KEYS':
    case 'OCI_REGION':
      return listOf(text)
    case 'MODEL_MAP':
      return aliasesOf(text)
    case 'OTEL_EXPORTER_OTLP_HEADERS':
      return headersOf(text)
    case 'GATEWAY_CONSOLE':
      return switchOf(text)
    default:
      return text
  }
}

/** Returns other text unchanged, so that the schema rejects it with the variable's name. */
function numberOf(text: string | undefined): number | string | undefined {
  return text !== undefined && /^\d+$/.test(text.trim()) ? Number(text) : text
}

/** Other text stays a text, which the schema rejects with the variable's name. */
function switchOf(text: string | undefined): boolean | string | undefined {
  const word = text?.trim().toLowerCase()
  return word === 'true' || word === 'false' ? word === 'true' : text
}

/** An empty variable counts as not set, so that it does not hide the key in the file. */
function listOf(text: string | undefined): string[] | undefined {
  const items = text?.split(',').map((item) => item.trim()).filter((item) => item !== '')
  return items?.length ? items : undefined
}

/** Other text results in an invalid value, which the schema rejects with the variable's name. */
function aliasesOf(text: string | undefined): unknown {
  if (text === undefined || text.trim() === '') return undefined
  const parsed = v.safeParse(
    v.pipe(v.string(), v.parseJson(), v.record(v.string(), v.string())),
    text,
  )
  return parsed.success ? parsed.output : 'MODEL_MAP'
}
