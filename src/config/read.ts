import {
  type AccessPolicy,
  type BudgetPolicy,
  DEFAULT_ACCESS_POLICY,
} from '../access/access-policy.ts'
import { DEFAULT_LIMITS, type Limits, type StoreLimits } from '../limits.ts'
import {
  type CircuitBreakerPolicy,
  DEFAULT_CIRCUIT_BREAKER,
} from '../oci/resilience/circuit-breaker.ts'
import { DEFAULT_TIMEOUTS, type OciTimeouts } from '../oci/context.ts'
import { DEFAULT_RETRY, type RetryPolicy } from '../oci/resilience/retry-policy.ts'
import { longestMatch, type ProfileOverride } from '../oci/models/profiles.ts'
import {
  DEFAULT_RATE_LIMIT_QUEUE,
  type RateLimitQueuePolicy,
} from '../oci/resilience/rate-limit-queue.ts'
import { DEFAULT_BUDGET, type RetryBudgetOptions } from '../oci/resilience/retry-budget.ts'
import type { Environment, LogRecord } from '../platform.ts'
import type { TelemetrySettings } from '../telemetry/settings.ts'
import { checkConfig, type CheckOptions } from './check.ts'
import { describeProblem, misconfigured } from './issues.ts'
import type { ConfigFile } from './schema.ts'
import type { ConfigSource } from './source.ts'
import { toTelemetry } from './telemetry.ts'

/** The configuration of a running gateway. A reload replaces it as a whole. */
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
  /** Selects the credential, unless the environment does. */
  credential: NonNullable<ConfigFile['credential']>
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
  rateLimitQueue: RateLimitQueuePolicy
  /** URL of the store of keys, budgets and usage; `undefined` for a gateway without one. */
  store: string | undefined
  /** URL of the Redis server that counts for the store. */
  counters: string | undefined
  budgets: BudgetPolicy
  limits: Limits
  /** Limits of the stored responses; `undefined` stores none. */
  responseStore: StoreLimits | undefined
  logLevel: LogRecord['level'] | 'silent'
  /** `undefined` for text on a terminal, else JSON. */
  logFormat: 'json' | 'text' | undefined
  telemetry: TelemetrySettings
  /** Path of `capabilities.json`, or its text; `undefined` for the default place. */
  capabilities: string | undefined
  /** Whether OCI's native actions accept a Generative AI API key, which `probe` finds out. */
  nativeBearer: boolean
  /** Whether browsers get the console at `/`. */
  console: boolean
}

const SEE_SCHEMA =
  '\nCorrect these and start the gateway again. "oci-gateway config schema" describes all keys.'

/** The aliases of every gateway, unless the operator's own match the same names. */
export const DEFAULT_ALIASES = {
  'gpt-4o-mini': 'openai.gpt-4.1',
  'text-embedding-3-small': 'cohere.embed-multilingual-v3.0',
}

/**
 * Reads the configuration; an environment variable takes precedence over the key in the file. Throws
 * one `configuration_error` that lists all problems.
 */
export function readConfig(
  env: Environment,
  source?: ConfigSource,
  options: CheckOptions = {},
): Config {
  return toConfig(readMerged(env, source, options))
}

/** Like `readConfig`, but returns the keys as they are written. */
export function readMerged(
  env: Environment,
  source?: ConfigSource,
  options: CheckOptions = {},
): ConfigFile {
  const checked = checkConfig(env, source, options)
  if (checked.type === 'valid') return checked.merged
  const { problems } = checked
  throw misconfigured(
    problems.map(describeProblem),
    problems.some(({ source }) => source !== '') ? SEE_SCHEMA : '',
  )
}

/** Converts the keys to the units that the gateway uses, and adds the defaults. */
export function toConfig(file: ConfigFile): Config {
  const { timeouts = {}, retry = {}, circuitBreaker = {} } = file
  return {
    ...{ host: file.host ?? '127.0.0.1', port: file.port ?? 8050 },
    access: withDefaults(DEFAULT_ACCESS_POLICY, file.access),
    aliases: withBuiltInAliases(file.aliases ?? {}),
    fallbacks: new Map(Object.entries(file.fallbacks ?? {})),
    models: new Map(Object.entries(file.models ?? {})),
    regions: file.regions ?? [],
    ...{ compartmentId: file.compartmentId, project: file.project },
    ...{ capabilities: file.capabilities, nativeBearer: false },
    credential: file.credential ?? {},
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
    rateLimitQueue: queueOf(file.rateLimitQueue),
    ...storeSettings(file),
    limits: limitsOf(file.limits),
    responseStore: storeOf(file.responses?.store),
    ...outputSettings(file),
  }
}

function queueOf(
  { maxPerClient = DEFAULT_RATE_LIMIT_QUEUE.maxPerClient, maxSeconds }: NonNullable<
    ConfigFile['rateLimitQueue']
  > = {},
): RateLimitQueuePolicy {
  return { maxPerClient, maxWait: milliseconds(maxSeconds, DEFAULT_RATE_LIMIT_QUEUE.maxWait) }
}

function outputSettings({ logLevel = 'info', logFormat, telemetry, console = true }: ConfigFile) {
  return { logLevel, logFormat, telemetry: toTelemetry(telemetry), console }
}

function storeSettings({ store, counters, budgets }: ConfigFile) {
  const { timeZone = 'UTC', whenStoreDown: whenDown, learnedOutputLimit } = budgets ?? {}
  const usesLearnedLimit = learnedOutputLimit ?? false
  return { store, counters, budgets: { timeZone, whenDown, usesLearnedLimit } }
}

/** Adds the built-in aliases that no alias or pattern of the operator matches. */
function withBuiltInAliases(own: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  const patterns = Object.keys(own)
  const builtIn = Object.entries(DEFAULT_ALIASES)
    .filter(([alias]) => longestMatch(alias, patterns) === undefined)
  return new Map([...builtIn, ...Object.entries(own)])
}

function storeOf(
  { maxItems = 1_000, maxMegabytes = 32, ttlMinutes = 60, shared: isShared = true }: NonNullable<
    NonNullable<ConfigFile['responses']>['store']
  > = {},
): StoreLimits | undefined {
  if (maxItems === 0) return undefined
  const maxBytes = Math.floor(maxMegabytes * 1024 * 1024)
  return { maxItems, maxBytes, ttl: ttlMinutes * 60_000, isShared }
}

function limitsOf(file: NonNullable<ConfigFile['limits']> = {}): Limits {
  const {
    maxConcurrentRequests = DEFAULT_LIMITS.maxConcurrentRequests,
    maxConcurrentRequestsPerClient = Math.ceil(maxConcurrentRequests / 2),
    maxBodyMiB,
    maxBodyMiBInFlight,
    maxUploadMiB,
    maxUploadMiBInFlight,
    bodyTimeoutSeconds,
    shutdownGraceSeconds,
    failedAuthPerMinute = DEFAULT_LIMITS.failedAuthPerMinute,
    ...request
  } = file
  return {
    ...{ maxConcurrentRequests, maxConcurrentRequestsPerClient, failedAuthPerMinute },
    maxBodyBytes: bytes(maxBodyMiB, DEFAULT_LIMITS.maxBodyBytes),
    maxBodyBytesInFlight: bytes(maxBodyMiBInFlight, DEFAULT_LIMITS.maxBodyBytesInFlight),
    maxUploadBytes: bytes(maxUploadMiB, DEFAULT_LIMITS.maxUploadBytes),
    maxUploadBytesInFlight: bytes(maxUploadMiBInFlight, DEFAULT_LIMITS.maxUploadBytesInFlight),
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
