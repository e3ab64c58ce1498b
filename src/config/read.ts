import * as v from 'valibot'
import { type AccessPolicy, DEFAULT_ACCESS_POLICY } from '../access/access-policy.ts'
import { isLoopback } from '../access/loopback.ts'
import { type ConfigFile, ConfigFileSchema } from './schema.ts'
import { ApiError } from '../errors.ts'
import { DEFAULT_LIMITS, type Limits } from '../limits.ts'
import { type BreakerPolicy, DEFAULT_BREAKER } from '../oci/breaker.ts'
import { DEFAULT_TIMEOUTS, type OciTimeouts } from '../oci/context.ts'
import { DEFAULT_RETRY, type RetryPolicy } from '../oci/fallback.ts'
import type { ProfileOverride } from '../oci/models.ts'
import { DEFAULT_BUDGET, type RetryBudgetOptions } from '../oci/retry-budget.ts'
import type { Environment, LogRecord } from '../platform.ts'

/** How the gateway runs: read once at the start, then a value. */
export interface Config {
  host: string
  port: number
  access: AccessPolicy
  /** Clients' names of models, or patterns ending in `*`, to OCI's names. */
  aliases: ReadonlyMap<string, string>
  /** The models to ask, in turn, where one fails. */
  fallbacks: ReadonlyMap<string, readonly string[]>
  models: ReadonlyMap<string, ProfileOverride>
  /** In the order they are to be tried; none means the credential's own. */
  regions: readonly string[]
  compartmentId: string | undefined
  /** The project of OCI's OpenAI endpoint, where a tenancy has one. */
  project: string | undefined
  inferenceEndpoint: URL | undefined
  controlEndpoint: URL | undefined
  /** Milliseconds of silence before a stream says that it lives; 0 is never. */
  heartbeat: number
  timeouts: OciTimeouts
  retry: RetryPolicy
  budget: RetryBudgetOptions
  circuitBreaker: BreakerPolicy
  limits: Limits
  /** How many responses are kept, for whoever goes on from them; `undefined` is none. */
  responseStore: StoreLimits | undefined
  logLevel: LogRecord['level'] | 'silent'
}

/** Limits of what is kept in memory. */
export interface StoreLimits {
  maxItems: number
  maxBytes: number
  /** Milliseconds. */
  ttl: number
}

const EXPOSED =
  'GATEWAY_API_KEYS is missing: anybody who reaches this address could use your tenancy'
const OPEN = 'HOST is not a loopback address: anybody who reaches it could use your tenancy. ' +
  'Set GATEWAY_API_KEYS, or bind to 127.0.0.1'

const DEFAULT_ALIASES = {
  'gpt-4o-mini': 'openai.gpt-4.1',
  'text-embedding-3-small': 'cohere.embed-multilingual-v3.0',
}

/**
 * Reads the configuration: a variable of the environment comes before the file's member. All
 * problems are told together, as one `configuration_error`.
 */
export function readConfig(
  env: Environment,
  file: ConfigFile = {},
  { exposed = false } = {},
): Config {
  const checked = v.safeParse(ConfigFileSchema, merge(file, fromEnvironment(env, file)))
  if (!checked.success) throw misconfigured(checked.issues.map(describeIssue))
  const config = toConfig(checked.output)
  if (config.access.apiKeys.length === 0 && (exposed || !isLoopback(config.host))) {
    throw misconfigured([exposed ? EXPOSED : OPEN])
  }
  return config
}

/** Reads the text of `GATEWAY_CONFIG`'s file; whether its members make sense is `readConfig`'s. */
export function parseConfigFile(text: string, source: string): ConfigFile {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), v.looseObject({})), text)
  if (!parsed.success) throw misconfigured([`${source} is not a JSON object`])
  // Every member is held to the schema by readConfig(), together with the environment's.
  return parsed.output as ConfigFile
}

/** The file's members under those of the environment. */
function merge(file: ConfigFile, { apiKeys, ...given }: Record<string, unknown>): object {
  if (apiKeys === undefined) return { ...file, ...given }
  return { ...file, ...given, access: { ...file.access, apiKeys } }
}

function fromEnvironment(env: Environment, file: ConfigFile): Record<string, unknown> {
  const given: [string, unknown][] = [
    ['host', env['HOST']],
    ['port', numberOf(env['PORT'])],
    ['apiKeys', listOf(env['GATEWAY_API_KEYS'])],
    ['aliases', aliasesOf(env['MODEL_MAP'], file)],
    ['regions', listOf(env['OCI_REGION'])],
    ['compartmentId', env['OCI_COMPARTMENT_ID']],
    ['project', env['OCI_GENAI_PROJECT']],
    ['inferenceEndpoint', env['OCI_GENAI_ENDPOINT']],
    ['controlEndpoint', env['OCI_GENAI_CONTROL_ENDPOINT']],
    ['logLevel', env['LOG_LEVEL']],
  ]
  return Object.fromEntries(given.filter(([, value]) => value !== undefined && value !== ''))
}

/** What is no number stays a text, for the schema to refuse by name. */
function numberOf(text: string | undefined): number | string | undefined {
  return text !== undefined && /^\d+$/.test(text.trim()) ? Number(text) : text
}

/** An empty list is as good as none: a variable that is set to nothing must not hide the file's. */
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
    aliases: new Map(Object.entries({ ...DEFAULT_ALIASES, ...file.aliases })),
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
      minimumRequests: circuitBreaker.minimumRequests ?? DEFAULT_BREAKER.minimumRequests,
      failureRatio: circuitBreaker.failureRatio ?? DEFAULT_BREAKER.failureRatio,
      openDuration: milliseconds(circuitBreaker.openSeconds, DEFAULT_BREAKER.openDuration),
    },
    limits: limitsOf(file.limits),
    responseStore: storeOf(file.responses?.store),
    logLevel: file.logLevel ?? 'info',
  }
}

function storeOf(store: NonNullable<ConfigFile['responses']>['store']): StoreLimits | undefined {
  if (!store) return undefined
  const { maxItems = 1_000, maxMegabytes = 64, ttlMinutes = 60 } = store
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

/** The file is JSON, in which no member is `undefined`. */
function withDefaults<Values extends object>(
  defaults: Values,
  given: { [Key in keyof Values]?: Values[Key] | undefined } = {},
): Values {
  return Object.assign({}, defaults, given)
}

function bytes(mebibytes: number | undefined, otherwise: number): number {
  return mebibytes === undefined ? otherwise : Math.floor(mebibytes * 1024 * 1024)
}

function milliseconds(seconds: number | undefined, otherwise: number): number {
  return seconds === undefined ? otherwise : seconds * 1000
}

function urlOf(text: string | undefined): URL | undefined {
  return text === undefined ? undefined : new URL(text)
}

function misconfigured(problems: readonly string[]): ApiError {
  const list = problems.map((problem) => `\n  - ${problem}`).join('')
  return new ApiError('configuration_error', `Cannot read the configuration:${list}`, {
    reason: 'configuration',
  })
}

/** Names the member and what is wrong with it, never its value: that may be a key. */
function describeIssue(issue: v.BaseIssue<unknown>): string {
  const place = v.getDotPath(issue) ?? 'the file'
  // valibot's own messages quote what they found.
  if (issue.message.startsWith('must ')) return `${place}: ${issue.message}`
  return issue.expected === 'never'
    ? `${place}: unknown key`
    : `${place}: must be ${EXPECTED[issue.expected ?? ''] ?? alternativesOf(issue.expected)}`
}

const EXPECTED: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  boolean: 'true or false',
  Array: 'an array',
  Object: 'an object',
}

/** Reads valibot's `("a" | "b")`. */
function alternativesOf(expected: string | null): string {
  return expected === null
    ? 'a different value'
    : expected.replace(/[()]/g, '').replaceAll(' |', ' or')
}
