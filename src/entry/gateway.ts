import type { Hono } from 'hono'
import type { ConcurrencyLimiter } from '../access/concurrency-limiter.ts'
import { createApp, createLimiter } from '../app.ts'
import type { ConfigSource } from '../config/issues.ts'
import { type Config, parseConfigFile, readConfig } from '../config/read.ts'
import { ApiError, quotePath } from '../errors.ts'
import type { GatewayEnvironment } from '../middleware/environment.ts'
import { TOKEN_RETRY } from '../oci/auth/dependencies.ts'
import { openCredential } from '../oci/auth/open-credential.ts'
import { withPermissionWarnings } from '../oci/auth/permission-warnings.ts'
import type { Principal } from '../oci/auth/principal.ts'
import { createCircuitBreaker } from '../oci/resilience/circuit-breaker.ts'
import { createOciClient } from '../oci/client.ts'
import { createClock } from '../oci/http/clock.ts'
import { createQuirkCache } from '../oci/models/quirk-cache.ts'
import { controlEndpoint, inferenceEndpoint, type Region, resolveRegion } from '../oci/regions.ts'
import { createRetryBudget } from '../oci/resilience/retry-budget.ts'
import { createSender } from '../oci/http/send.ts'
import { createRegionCache, type Targets } from '../oci/resilience/region-targets.ts'
import type { Environment, FetchWithCa, Files, Platform } from '../platform.ts'
import { createLog } from '../telemetry/log.ts'

export interface GatewayOptions {
  env: Environment
  /** Absent where there are none. */
  files: Files | undefined
  /** Writes one line of the log. */
  write(line: string): void
  /** Absent where no certificate authority can be chosen. */
  fetchWithCa?: FetchWithCa
  /** `false` where a request must not wait for what another one began. */
  sharePromises?: boolean
  /** Whether everybody can reach the gateway whatever its address, as on an edge. */
  exposed?: boolean
  /** Stands in for the network. */
  fetch?: Platform['fetch']
  /** See `Platform`. */
  coalesceChunks?: boolean
}

/** A gateway ready to be served, and what to tell the person who started it. */
export interface Gateway {
  app: Hono<GatewayEnvironment>
  config: Config
  /** Where its credential came from. */
  source: string
  region: string
  platform: Platform
  /** Counts the requests in progress. */
  limiter: ConcurrencyLimiter
}

/** Reads the configuration, loads the credential and puts the app together. */
export async function openGateway(options: GatewayOptions): Promise<Gateway> {
  const { env, write, exposed = false } = options
  const config = await loadConfig(env, options.files, exposed)
  const platform = createPlatform(createLog(write, config.logLevel), options)
  const files = options.files && withPermissionWarnings(options.files, platform.log)
  // It was read before there was a log.
  await warnAboutConfigFile(env, files)
  const clock = createClock(platform.now)
  const principal = await openCredential({
    ...{ environment: env, files, platform, clock, retry: TOKEN_RETRY },
    fetchWithCa: options.fetchWithCa,
    sharePromises: options.sharePromises ?? true,
  })
  const regions = regionsOf(config, principal, env)
  const [region] = regions
  const send = createSender({
    credential: principal.credential,
    clock,
    platform,
    responseTimeout: config.timeouts.response,
  })
  const oci = createOciClient({
    ...{ send, platform },
    ...settingsOf(config),
    targets: createRegionCache(targetsOf(config, regions), {
      regional: principal.credential.scheme === 'bearer',
      now: platform.now,
    }),
    control: config.controlEndpoint ?? controlEndpoint(region),
    compartmentId: compartmentOf(config, principal),
    scheme: principal.credential.scheme,
    isReady: principal.credential.isReady,
    quirks: createQuirkCache(platform.now),
    budget: createRetryBudget(config.budget, platform.now),
    breaker: createCircuitBreaker(config.circuitBreaker, platform.now),
  })
  const limiter = createLimiter(config.limits, exposed)
  const app = await createApp({ config, oci, platform, limiter, isUncounted: exposed })
  return { app, config, source: principal.source, region: region.id, platform, limiter }
}

/** What the operator chose that needs no more reading. */
function settingsOf({ project, aliases, fallbacks, models, retry, timeouts, limits }: Config) {
  return { project, aliases, fallbacks, models, retry, timeouts, limits: limits.request }
}

/** Where models are asked for, in turn; the credential may live elsewhere. */
function regionsOf(
  { regions: [chosen, ...others] }: Config,
  { region, source }: Principal,
  env: Environment,
): readonly [Region, ...Region[]] {
  if (chosen !== undefined) {
    return [resolveRegion(chosen, env), ...others.map((other) => resolveRegion(other, env))]
  }
  if (region !== undefined) return [region]
  throw unsettled('region', `${source} has none of its own`, 'OCI_REGION')
}

/** An address that the operator names stands for all regions. */
function targetsOf(
  { inferenceEndpoint: address }: Config,
  [home, ...others]: readonly [Region, ...Region[]],
): Targets {
  const targetOf = (region: Region) => ({
    region: region.id,
    inference: address ?? inferenceEndpoint(region),
  })
  return [targetOf(home), ...(address ? [] : others.map(targetOf))]
}

/** The root compartment has the tenancy's own OCID; a bearer key implies its own. */
function compartmentOf(
  { compartmentId }: Config,
  { tenancy, source, credential }: Principal,
): string {
  const chosen = compartmentId ?? tenancy
  if (chosen !== undefined) return chosen
  if (credential.scheme === 'bearer') return ''
  throw unsettled('compartment', `${source} does not tell its tenancy`, 'OCI_COMPARTMENT_ID')
}

function unsettled(what: string, state: string, variable: string): ApiError {
  const message = `Cannot choose the ${what}: ${state}. Set ${variable}`
  return new ApiError('configuration_error', message, { reason: 'missing_variable' })
}

function createPlatform(
  log: Platform['log'],
  { fetch, coalesceChunks }: GatewayOptions,
): Platform {
  return {
    fetch: fetch ?? ((url, init) => globalThis.fetch(url, init)),
    now: () => Date.now(),
    randomId: () => crypto.randomUUID().replaceAll('-', '').slice(0, 24),
    log,
    coalesceChunks,
  }
}

async function loadConfig(
  env: Environment,
  files: Files | undefined,
  exposed: boolean,
): Promise<Config> {
  const source = await readConfigSource(env, files)
  return readConfig(env, source && parseConfigFile(source), { exposed, source })
}

/** `GATEWAY_CONFIG` is the path of a file, or the JSON itself where there are no files. */
async function readConfigSource(
  env: Environment,
  files: Files | undefined,
): Promise<ConfigSource | undefined> {
  const given = env['GATEWAY_CONFIG']?.trim() ?? ''
  if (given === '') return undefined
  if (given.startsWith('{')) return { name: 'GATEWAY_CONFIG', text: given }
  const text = await files?.read(given)
  if (text !== undefined) return { name: `GATEWAY_CONFIG ${quotePath(given)}`, text }
  throw new ApiError(
    'configuration_error',
    `Cannot read GATEWAY_CONFIG: ${unreadable(given, files)}`,
    { reason: 'configuration' },
  )
}

/** Never quotes the value, which may be the configuration itself with its API keys. */
function unreadable(given: string, files: Files | undefined): string {
  if (/^["'`]/.test(given)) {
    return 'the value starts with a quotation mark. Remove the quotation marks around it'
  }
  return files
    ? `the file ${quotePath(given)} does not exist. Set it to a path, or to the JSON itself`
    : 'this runtime has no files. Set it to a JSON object'
}

/** Reads it again through `files`, which warn when it holds keys and others can read it. */
async function warnAboutConfigFile(env: Environment, files: Files | undefined): Promise<void> {
  const given = env['GATEWAY_CONFIG']?.trim() ?? ''
  if (given !== '' && !given.startsWith('{')) await files?.read(given)
}
