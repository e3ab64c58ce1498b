import * as v from 'valibot'
import { type AccessPolicy, DEFAULT_ACCESS_POLICY } from '../access/access-policy.ts'
import { isLoopback } from '../loopback.ts'
import { DEFAULT_LIMITS, type Limits, type StoreLimits } from '../limits.ts'
import {
  type CircuitBreakerPolicy,
  DEFAULT_CIRCUIT_BREAKER,
} from '../oci/resilience/circuit-breaker.ts'
import { DEFAULT_TIMEOUTS, type OciTimeouts } from '../oci/context.ts'
import { DEFAULT_RETRY, type RetryPolicy } from '../oci/resilience/retry-policy.ts'
import { longestMatch, type ProfileOverride } from '../oci/models/profiles.ts'
import { DEFAULT_BUDGET, type RetryBudgetOptions } from '../oci/resilience/retry-budget.ts'
import type { Environment, LogRecord } from '../platform.ts'
import { type ConfigSource, describeIssue, misconfigured } from './issues.ts'
import { lineOfSyntaxError } from './json-lines.ts'
import { type ConfigFile, ConfigFileSchema } from './schema.ts'

/** The configuration of a running gateway. It is read once, at start-up. */
export interface Config {
  host: string
  port: number
  access: AccessPolicy
  /** OCI model names by alias, or by a pattern that ends in `*`. */
  aliases: ReadonlyMap<string, string>
  /** Models to try in order when one fails. */
  fallbacks: ReadonlyMap<string, readonly string[]>
  models: ReadonlyMap<string, ProfileOverride>
  /** In the order they are tried; empty for the credential's region. */
  regions: readonly string[]
  compartmentId: string | undefined
  /** OCID of the project for OCI's OpenAI-compatible endpoint. */
  project: string | undefined
  inferenceEndpoint: URL | undefined
  controlEndpoint: URL | undefined
  /** Idle milliseconds before a stream sends a heartbeat; 0 disables it. */
  heartbeat: number
  timeouts: OciTimeouts
  retry: RetryPolicy
  budget: RetryBudgetOptions
  circuitBreaker: CircuitBreakerPolicy
  limits: Limits
  /** Limits of the stored responses; `undefined` stores none. */
  responseStore: StoreLimits | undefined
  logLevel: LogRecord['level'] | 'silent'
}

const KEYS_NEEDED = 'GATEWAY_API_KEYS is not set: anyone who reaches this address could use your ' +
  'tenancy. Set it, on Workers with: npx wrangler secret put GATEWAY_API_KEYS'
const KEYS_OR_LOOPBACK =
  'HOST is not a loopback address and GATEWAY_API_KEYS is not set: anyone who reaches the address ' +
  'could use your tenancy. Set GATEWAY_API_KEYS, or HOST=127.0.0.1'
const SEE_SCHEMA =
  '\nCorrect these and start the gateway again. docs/config.schema.json describes all keys.'

/** The aliases of every gateway, unless the operator's own match the same names. */
export const DEFAULT_ALIASES = {
  'gpt-4o-mini': 'openai.gpt-4.1',
  'text-embedding-3-small': 'cohere.embed-multilingual-v3.0',
}

export interface ReadOptions {
  /** Whether API keys are required for any host, as on Workers. */
  exposed?: boolean
  /** The text of the file, so that errors name the line. */
  source?: ConfigSource | undefined
}

/**
 * Reads the configuration; an environment variable takes precedence over the key in the file. Throws
 * one `configuration_error` that lists all problems.
 */
export function readConfig(
  env: Environment,
  file: ConfigFile = {},
  { exposed = false, source }: ReadOptions = {},
): Config {
  const config = readSettings(env, file, source)
  if (config.access.apiKeys.length === 0 && (exposed || isExposed(config))) {
    throw misconfigured([exposed ? KEYS_NEEDED : KEYS_OR_LOOPBACK])
  }
  return config
}

/** Whether other machines can reach the gateway. */
export function isExposed({ host }: Pick<Config, 'host'>): boolean {
  return !isLoopback(host)
}

/** Like `readConfig()`, but does not require API keys of a gateway that others can reach. */
export function readSettings(
  env: Environment,
  file: ConfigFile = {},
  source?: ConfigSource,
): Config {
  const overrides = fromEnvironment(env, file)
  const checked = v.safeParse(ConfigFileSchema, merge(file, overrides))
  if (!checked.success) {
    const used = Object.entries(VARIABLES).filter(([key]) => key in overrides)
    const origins = { variables: new Map(used), source }
    throw misconfigured(checked.issues.map((issue) => describeIssue(issue, origins)), SEE_SCHEMA)
  }
  return toConfig(checked.output)
}

/** Parses the text of a configuration file. `readConfig` checks its keys, with the environment's. */
export function parseConfigFile({ text, name }: ConfigSource): ConfigFile {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson()), text)
  if (!parsed.success) {
    throw misconfigured([`${name}, line ${lineOfSyntaxError(text)}: invalid JSON`], SEE_SCHEMA)
  }
  if (!v.is(v.looseObject({}), parsed.output) || Array.isArray(parsed.output)) {
    throw misconfigured([`${name}: must be a JSON object`], SEE_SCHEMA)
  }
  return parsed.output as ConfigFile
}

/** The keys of the file, overridden by those of the environment. */
function merge(file: ConfigFile, { apiKeys, ...overrides }: Record<string, unknown>): object {
  if (apiKeys === undefined) return { ...file, ...overrides }
  return { ...file, ...overrides, access: { ...file.access, apiKeys } }
}

/** The environment variables by the key they set. */
const VARIABLES = {
  host: 'HOST',
  port: 'PORT',
  apiKeys: 'GATEWAY_API_KEYS',
  aliases: 'MODEL_MAP',
  regions: 'OCI_REGION',
  compartmentId: 'OCI_COMPARTMENT_ID',
  project: 'OCI_GENAI_PROJECT',
  inferenceEndpoint: 'OCI_GENAI_ENDPOINT',
  controlEndpoint: 'OCI_GENAI_CONTROL_ENDPOINT',
  logLevel: 'LOG_LEVEL',
} as const

function fromEnvironment(env: Environment, file: ConfigFile): Record<string, unknown> {
  const values = Object.entries(VARIABLES).map((
    [key, name],
  ) => [key, valueOf(name, env[name], file)])
  return Object.fromEntries(values.filter(([, value]) => value !== undefined && value !== ''))
}

function valueOf(
  name: typeof VARIABLES[keyof typeof VARIABLES],
  text: string | undefined,
  file: ConfigFile,
): unknown {
  switch (name) {
    case 'PORT':
      return numberOf(text)
    case 'GATEWAY_API_KEYS':
    case 'OCI_REGION':
      return listOf(text)
    case 'MODEL_MAP':
      return aliasesOf(text, file)
    default:
      return text
  }
}

/** Returns other text unchanged, so that the schema rejects it with the variable's name. */
function numberOf(text: string | undefined): number | string | undefined {
  return text !== undefined && /^\d+$/.test(text.trim()) ? Number(text) : text
}

/** An empty variable counts as not set, so that it does not hide the key in the file. */
function listOf(text: string | undefined): string[] | undefined {
  const items = text?.split(',').map((item) => item.trim()).filter((item) => item !== '')
  return items?.length ? items : undefined
}

function aliasesOf(text: string | undefined, file: ConfigFile): unknown {
  if (text === undefined || text.trim() === '') return undefined
  const parsed = v.safeParse(
    v.pipe(v.string(), v.parseJson(), v.record(v.string(), v.string())),
    text,
  )
  return parsed.success ? { ...file.aliases, ...parsed.output } : 'MODEL_MAP'
}

function toConfig(file: ConfigFile): Config {
  const { timeouts = {}, retry = {}, circuitBreaker = {} } = file
  return {
    host: file.host ?? '127.0.0.1',
    port: file.port ?? 8050,
    access: withDefaults(DEFAULT_ACCESS_POLICY, file.access),
    aliases: withBuiltInAliases(file.aliases ?? {}),
    fallbacks: new Map(Object.entries(file.fallbacks ?? {})),
    models: new Map(Object.entries(file.models ?? {})),
    regions: file.regions ?? [],
    compartmentId: file.compartmentId,
    project: file.project,
    inferenceEndpoint: urlOf(file.inferenceEndpoint),
    controlEndpoint: urlOf(file.controlEndpoint),
    heartbeat: (file.heartbeatSeconds ?? 10) * 1000,
    timeouts: {
      response: milliseconds(timeouts.responseSeconds, DEFAULT_TIMEOUTS.response),
      idle: milliseconds(timeouts.idleSeconds, DEFAULT_TIMEOUTS.idle),
      usageGrace: milliseconds(timeouts.usageGraceSeconds, DEFAULT_TIMEOUTS.usageGrace),
      streamStart: milliseconds(timeouts.streamStartSeconds, DEFAULT_TIMEOUTS.streamStart),
      total: milliseconds(timeouts.totalSeconds, DEFAULT_TIMEOUTS.total),
    },
    retry: {
      ...DEFAULT_RETRY,
      maxAttempts: retry.maxAttempts ?? DEFAULT_RETRY.maxAttempts,
      initialDelay: milliseconds(retry.initialDelaySeconds, DEFAULT_RETRY.initialDelay),
    },
    budget: { ...DEFAULT_BUDGET, ratio: retry.budgetRatio ?? DEFAULT_BUDGET.ratio },
    circuitBreaker: {
      minimumRequests: circuitBreaker.minimumRequests ?? DEFAULT_CIRCUIT_BREAKER.minimumRequests,
      failureRatio: circuitBreaker.failureRatio ?? DEFAULT_CIRCUIT_BREAKER.failureRatio,
      openDuration: milliseconds(circuitBreaker.openSeconds, DEFAULT_CIRCUIT_BREAKER.openDuration),
    },
    limits: limitsOf(file.limits),
    responseStore: storeOf(file.responses?.store),
    logLevel: file.logLevel ?? 'info',
  }
}

/** Adds the built-in aliases that no alias or pattern of the operator matches. */
function withBuiltInAliases(own: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  const patterns = Object.keys(own)
  const builtIn = Object.entries(DEFAULT_ALIASES)
    .filter(([alias]) => longestMatch(alias, patterns) === undefined)
  return new Map([...builtIn, ...Object.entries(own)])
}

function storeOf(
  { maxItems = 1_000, maxMegabytes = 32, ttlMinutes = 60 }: NonNullable<
    NonNullable<ConfigFile['responses']>['store']
  > = {},
): StoreLimits | undefined {
  if (maxItems === 0) return undefined
  return { maxItems, maxBytes: Math.floor(maxMegabytes * 1024 * 1024), ttl: ttlMinutes * 60_000 }
}

function limitsOf(file: NonNullable<ConfigFile['limits']> = {}): Limits {
  const {
    maxConcurrentRequests = DEFAULT_LIMITS.maxConcurrentRequests,
    maxConcurrentRequestsPerClient = Math.ceil(maxConcurrentRequests / 2),
    maxBodyMiB,
    maxBodyMiBInFlight,
    bodyTimeoutSeconds,
    shutdownGraceSeconds,
    failedAuthPerMinute = DEFAULT_LIMITS.failedAuthPerMinute,
    ...request
  } = file
  return {
    ...{ maxConcurrentRequests, maxConcurrentRequestsPerClient, failedAuthPerMinute },
    maxBodyBytes: bytes(maxBodyMiB, DEFAULT_LIMITS.maxBodyBytes),
    maxBodyBytesInFlight: bytes(maxBodyMiBInFlight, DEFAULT_LIMITS.maxBodyBytesInFlight),
    bodyTimeout: milliseconds(bodyTimeoutSeconds, DEFAULT_LIMITS.bodyTimeout),
    shutdownGrace: milliseconds(shutdownGraceSeconds, DEFAULT_LIMITS.shutdownGrace),
    request: withDefaults(DEFAULT_LIMITS.request, request),
  }
}

/** `values` is from JSON, which has no `undefined`. */
function withDefaults<Values extends object>(
  defaults: Values,
  values: { [Key in keyof Values]?: Values[Key] | undefined } = {},
): Values {
  return Object.assign({}, defaults, values)
}

function bytes(mebibytes: number | undefined, defaultBytes: number): number {
  return mebibytes === undefined ? defaultBytes : Math.floor(mebibytes * 1024 * 1024)
}

function milliseconds(seconds: number | undefined, defaultMs: number): number {
  return seconds === undefined ? defaultMs : seconds * 1000
}

function urlOf(text: string | undefined): URL | undefined {
  return text === undefined ? undefined : new URL(text)
}
