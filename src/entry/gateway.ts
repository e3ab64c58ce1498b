import type { Hono } from 'hono'
import type { ConcurrencyLimiter } from '../access/concurrency-limiter.ts'
import { createBudget, createLimiter } from '../access/create-limits.ts'
import { createApp } from '../app.ts'
import { readCapabilities, withCapabilities } from '../config/capabilities.ts'
import { withCredential } from '../config/environment.ts'
import { type Config, readConfig } from '../config/read.ts'
import { resolveSecrets, withCredentialSecrets } from '../config/secrets.ts'
import { configPath, readConfigSource } from '../config/source.ts'
import { ApiError } from '../errors.ts'
import { isLoopback } from '../loopback.ts'
import { createStoreServices, type StoreServices } from '../metering/store-services.ts'
import type { GatewayEnvironment } from '../middleware/environment.ts'
import { TOKEN_RETRY } from '../oci/auth/dependencies.ts'
import { openCredential } from '../oci/auth/open-credential.ts'
import { withPermissionWarnings } from '../oci/auth/permission-warnings.ts'
import type { Principal } from '../oci/auth/principal.ts'
import { createCircuitBreaker } from '../oci/resilience/circuit-breaker.ts'
import { createOciClient, type OciClient } from '../oci/client.ts'
import type { OciSetup } from '../oci/context.ts'
import { createClock, type OciClock } from '../oci/http/clock.ts'
import { createQuirkCache } from '../oci/models/quirk-cache.ts'
import { type Region, resolveRegion } from '../oci/regions.ts'
import { createRateLimitQueue } from '../oci/resilience/rate-limit-queue.ts'
import { createRetryBudget } from '../oci/resilience/retry-budget.ts'
import { createSender } from '../oci/http/send.ts'
import { readVaultSecret } from '../oci/vault/read-secret.ts'
import type {
  Decompressors,
  Environment,
  FetchWithCa,
  Files,
  LogRecord,
  Platform,
  Sha256,
} from '../platform.ts'
import type { Store } from '../store/store.ts'
import type { GatewayFacts } from '../telemetry/gateway-facts.ts'
import { createLog, withLevel } from '../telemetry/log.ts'
import type { ProcessReading } from '../telemetry/metrics/state-metrics.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import { createGatewayTelemetry } from './gateway-telemetry.ts'
import { locateRegions } from './locate-regions.ts'
import { STREAMING_DECOMPRESSORS } from './streaming-decompressors.ts'

export interface GatewayOptions {
  env: Environment
  /** `undefined` on runtimes without files. */
  files: Files | undefined
  /** Writes one line of the log. Absent where `log` receives the records, or without a log. */
  write?(line: string): void
  /** The terminal to which `write` writes; absent for another output. */
  terminal?: { hasColors: boolean } | undefined
  /** Receives the records of the log. */
  log?(record: LogRecord): void
  /** Absent where a certificate authority cannot be configured. */
  fetchWithCa?: FetchWithCa
  /** `false` where a request must not wait for a promise of another one. Default: true. */
  sharePromises?: boolean
  /** Whether the gateway is reachable from the internet at any host, as on Workers. */
  exposed?: boolean
  /** Default: the runtime's `fetch`. */
  fetch?: Platform['fetch']
  /** See `Platform`. */
  coalesceChunks?: boolean
  /** Opens the store that the configuration names. Absent where none can be opened. */
  openStore?(location: string, counters: string | undefined): Promise<Store>
  /** `false` for a gateway in a command, whose requests need no key and are not counted. */
  usesStore?: boolean
  /** A store that is already open, as on Workers. It replaces that of the configuration. */
  store?: Store | undefined
  /** Default: those of `STREAMING_DECOMPRESSORS`. */
  decompressors?: Decompressors
  /** Default: Web Crypto. */
  sha256?: Sha256
  /** Reads memory and CPU time of the process for the metrics. Absent where there is no process. */
  readProcess?(): ProcessReading
}

/** A gateway that is ready to serve requests. */
export interface Gateway {
  app: Hono<GatewayEnvironment>
  oci: OciClient
  config: Config
  /** Source of the credential, for the start-up message. */
  source: string
  region: string
  platform: Platform
  limiter: ConcurrencyLimiter
  /** The store with its services; `undefined` for a gateway without one. */
  stored: StoreServices | undefined
  telemetry: Telemetry
  /** Exports telemetry, settles all requests that have ended and closes the store. */
  close(): Promise<void>
}

/** Reads the configuration, loads the credential and creates the app. */
export async function openGateway(options: GatewayOptions): Promise<Gateway> {
  const { env, exposed = false, sharePromises = true } = options
  const written = readConfig(env, await readConfigSource(env, options.files), { exposed })
  const platform = createPlatform(logOf(options, written), options)
  const files = options.files && withPermissionWarnings(options.files, platform.log)
  // The first read happens before the log level is known.
  await warnAboutConfigFile(env, files)
  const capabilities = await readCapabilities(written.capabilities, env, files)
  const clock = createClock(platform.now)
  const principal = await openCredential({
    environment: await withCredentialSecrets(withCredential(env, written.credential), files),
    ...{ files, platform, clock, fetchWithCa: options.fetchWithCa, retry: TOKEN_RETRY },
    ...{ sharePromises, nativeBearer: capabilities?.nativeBearer },
  })
  const regions = regionsOf(written, principal, env)
  const { response: responseTimeout } = written.timeouts
  const send = createSender({ credential: principal.credential, clock, platform, responseTimeout })
  const readVault = (id: string) => readVaultSecret(id, { send, region: regions[0], env })
  const config = withCapabilities(
    await resolveSecrets(written, { env, files, readVault }),
    capabilities,
  )
  const setup = ociSetup(config, principal, { env, platform, clock, sharePromises })
  const oci = createOciClient(setup)
  const limiter = createLimiter(config.limits, exposed)
  const stored = await openServices(config, platform, options)
  const needsKey = exposed || !isLoopback(config.host)
  const facts = factsOf(principal, setup, { regions, clock })
  const budget = createBudget(config.limits, exposed)
  const parts = { config, setup, regions, limiter, budget, stored }
  const telemetry = createGatewayTelemetry({ ...parts, readProcess: options.readProcess })
  if (!exposed) telemetry.start()
  const shared = { config, oci, platform, limiter, stored, telemetry }
  const app = await createApp({ ...shared, facts, budget, needsKey, isUncounted: exposed })
  const close = () => closeServices(stored, telemetry)
  return { app, ...shared, source: principal.source, region: regions[0].id, close }
}

/** What the console shows about the gateway. */
function factsOf(
  { credential, kind, source }: Principal,
  { breaker, platform }: OciSetup,
  { regions, clock }: { regions: readonly Region[]; clock: OciClock },
): GatewayFacts {
  return {
    credential: { kind: kind ?? '', source, expiresAt: () => credential.expiresAt?.() },
    regions: regions.map(({ id }) => id),
    clockOffset: () => clock.now() - platform.now(),
    circuits: () => breaker.list(),
  }
}

/** Opens the store of the configuration. Throws if it does not answer at the start. */
async function openServices(
  { store: location, counters, budgets }: Config,
  platform: Platform,
  { openStore, store: opened, usesStore = true }: GatewayOptions,
): Promise<StoreServices | undefined> {
  if (!usesStore) return undefined
  if (opened) return createStoreServices(opened, budgets, platform)
  if (location === undefined) return undefined
  if (!openStore) {
    throw new ApiError(
      'configuration_error',
      `Cannot open the store ${location.split(':')[0]}: this runtime has no such store`,
      { reason: 'configuration' },
    )
  }
  return createStoreServices(await openStore(location, counters), budgets, platform)
}

async function closeServices(
  stored: StoreServices | undefined,
  telemetry: Telemetry,
): Promise<void> {
  await stored?.metering.flush()
  await stored?.store.close()
  await telemetry.close()
}

function logOf(
  { log, write = () => {}, terminal }: GatewayOptions,
  { logLevel, logFormat = terminal ? 'text' : 'json' }: Config,
): Platform['log'] {
  if (log) return withLevel((record) => log(record), logLevel)
  const isText = logFormat === 'text'
  const hasColors = terminal?.hasColors ?? false
  return createLog(write, logLevel, isText ? { type: 'text', hasColors } : { type: 'json' })
}

/** Combines the configuration with the credential to the setup of the client of OCI. */
export function ociSetup(
  config: Config,
  principal: Principal,
  { env, platform, clock, sharePromises = true }: {
    env: Environment
    platform: Platform
    clock: OciClock
    /** See `GatewayOptions`. Without them, no request can wait for its turn. */
    sharePromises?: boolean | undefined
  },
): OciSetup {
  const { credential } = principal
  const regions = regionsOf(config, principal, env)
  const responseTimeout = config.timeouts.response
  const { now } = platform
  return {
    send: createSender({ credential, clock, platform, responseTimeout }),
    platform,
    ...settingsOf(config),
    ...locateRegions(config, regions, { regional: credential.scheme === 'bearer', now, env }),
    compartmentId: compartmentOf(config, principal),
    // Native requests need a compartment, which a bearer key does not tell.
    scheme: config.nativeBearer && config.compartmentId ? 'signature' : credential.scheme,
    isReady: credential.isReady,
    quirks: createQuirkCache(platform.now),
    budget: createRetryBudget(config.budget, platform.now),
    breaker: createCircuitBreaker(config.circuitBreaker, platform.now),
    rateLimits: sharePromises ? createRateLimitQueue(config.rateLimitQueue) : undefined,
  }
}

/** Settings that are passed to the OCI client unchanged. */
function settingsOf({ project, aliases, fallbacks, models, retry, timeouts, limits }: Config) {
  return { project, aliases, fallbacks, models, retry, timeouts, limits: limits.request }
}

/** The regions to call, in order. The credential's own region may be another one. */
function regionsOf(
  { regions: [first, ...others] }: Config,
  { region, source }: Principal,
  env: Environment,
): readonly [Region, ...Region[]] {
  if (first !== undefined) {
    return [resolveRegion(first, env), ...others.map((other) => resolveRegion(other, env))]
  }
  if (region !== undefined) return [region]
  throw undetermined('region', `${source} does not contain a region`, 'OCI_REGION')
}

/** The root compartment has the tenancy's own OCID; a bearer key implies its own. */
function compartmentOf(
  { compartmentId }: Config,
  { tenancy, source, credential }: Principal,
): string {
  const compartment = compartmentId ?? tenancy
  if (compartment !== undefined) return compartment
  if (credential.scheme === 'bearer') return ''
  throw undetermined('compartment', `${source} does not contain a tenancy`, 'OCI_COMPARTMENT_ID')
}

function undetermined(setting: string, state: string, variable: string): ApiError {
  const message = `Cannot determine the ${setting}: ${state}. Set ${variable}`
  return new ApiError('configuration_error', message, { reason: 'missing_variable' })
}

function createPlatform(
  log: Platform['log'],
  { fetch, coalesceChunks, decompressors = STREAMING_DECOMPRESSORS, sha256 }: GatewayOptions,
): Platform {
  return {
    fetch: fetch ?? ((url, init) => globalThis.fetch(url, init)),
    now: () => Date.now(),
    randomId: () => crypto.randomUUID().replaceAll('-', '').slice(0, 24),
    log,
    coalesceChunks,
    decompressors,
    sha256,
  }
}

/** Reads the file again through `files`, which log a warning if other users can read its keys. */
async function warnAboutConfigFile(env: Environment, files: Files | undefined): Promise<void> {
  const path = configPath(env)
  if (path !== undefined) await files?.read(path)
}
