import type { Hono } from 'hono'
import type { ConcurrencyLimiter } from '../access/concurrency-limiter.ts'
import { createAppState } from '../app-state.ts'
import { type Config, readMerged, toConfig } from '../config/read.ts'
import { configPath, readConfigSource } from '../config/source.ts'
import { ApiError } from '../errors.ts'
import { createStoreServices, type StoreServices } from '../metering/store-services.ts'
import type { GatewayEnvironment } from '../middleware/environment.ts'
import { withPermissionWarnings } from '../oci/auth/permission-warnings.ts'
import type { OciClient } from '../oci/client.ts'
import { createClock } from '../oci/http/clock.ts'
import type { Environment, Files, Platform } from '../platform.ts'
import { createLog, type LogLevel, withLevel } from '../telemetry/log.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import { configFiles, readTexts } from './config-files.ts'
import type { GatewayOptions } from './gateway-options.ts'
import { createGatewayTelemetry } from './gateway-telemetry.ts'
import {
  createGeneration,
  type GatewayBase,
  type Generation,
  openClient,
  openConfig,
  type OpenedConfig,
  type SharedParts,
} from './generation.ts'
import { createOciState } from './oci-state.ts'
import { createReloader, type Reloader } from './reloader.ts'
import { STREAMING_DECOMPRESSORS } from './streaming-decompressors.ts'

/** A gateway that is ready to serve requests. A reload replaces the members that it reads. */
export interface Gateway {
  /** The app for new requests; a request that runs keeps its own. */
  readonly app: Hono<GatewayEnvironment>
  readonly oci: OciClient
  readonly config: Config
  /** Source of the credential, for the start-up message. */
  readonly source: string
  readonly region: string
  platform: Platform
  limiter: ConcurrencyLimiter
  /** The store with its services; `undefined` for a gateway without one. */
  stored: StoreServices | undefined
  telemetry: Telemetry
  reloader: Reloader
  /** Exports telemetry, settles all requests that have ended and closes the store. */
  close(): Promise<void>
}

/** The generation that serves new requests; absent until the first one is open. */
interface Live {
  generation?: Generation
  /** The text of the files that the first generation is opened with. */
  text?: string | undefined
}

/** Reads the configuration, loads the credential and creates the app. */
export async function openGateway(options: GatewayOptions): Promise<Gateway> {
  const { env, exposed = false } = options
  const merged = readMerged(env, await readConfigSource(env, options.files), { exposed })
  const written = toConfig(merged)
  const live: Live = { text: await readTexts(configFiles(env, written), options.files) }
  const platform = createPlatform(logOf(options, written, live), options)
  const files = options.files && withPermissionWarnings(options.files, platform.log)
  // The first read happens before the log level is known.
  await warnAboutConfigFile(env, files)
  const base: GatewayBase = { options, files, platform, clock: createClock(platform.now) }
  return await openFirst(await openConfig(merged, written, base), base, live)
}

/** Opens the parts that stay, and the first generation. */
async function openFirst(opened: OpenedConfig, base: GatewayBase, live: Live): Promise<Gateway> {
  const { platform, options } = base
  const { exposed = false, sharePromises, readProcess } = options
  const { config, regions } = opened
  const ociState = createOciState(config, platform, sharePromises)
  const client = openClient(opened, base, ociState)
  const stored = await openServices(config, platform, options)
  const appState = createAppState(config, platform, exposed, stored)
  const reading = { succeeded: 0, failed: 0, loadedAt: platform.now() }
  const telemetry = createGatewayTelemetry({
    ...{ config, regions, stored, readProcess, limiter: appState.limiter, bodies: appState.bodies },
    setup: () => live.generation?.setup ?? client.setup,
    reloads: () => reading,
  })
  if (!exposed) telemetry.start()
  const shared: SharedParts = { appState, ociState, stored, telemetry }
  const first = await createGeneration({ ...opened, ...client }, base, shared)
  live.generation = first
  const current = () => live.generation ?? first
  const replace = (next: Generation) => void (live.generation = next)
  const reloader = createReloader({
    ...{ base, shared, reading, current, replace },
    lastRead: live.text,
  })
  return gatewayOf(current, { platform, shared, reloader })
}

function gatewayOf(
  current: () => Generation,
  { platform, shared: { appState: { limiter }, stored, telemetry }, reloader }: {
    platform: Platform
    shared: SharedParts
    reloader: Reloader
  },
): Gateway {
  return {
    get app() {
      return current().app
    },
    get oci() {
      return current().oci
    },
    get config() {
      return current().config
    },
    get source() {
      return current().principal.source
    },
    get region() {
      return current().regions[0].id
    },
    ...{ platform, limiter, stored, telemetry, reloader },
    close: () => closeServices(stored, telemetry),
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

/** The level may change; the format is that of the start. */
function logOf(
  { log, write = () => {}, terminal }: GatewayOptions,
  { logLevel, logFormat = terminal ? 'text' : 'json' }: Config,
  live: Live,
): Platform['log'] {
  const level = (): LogLevel => live.generation?.config.logLevel ?? logLevel
  if (log) return withLevel((record) => log(record), level)
  const isText = logFormat === 'text'
  const hasColors = terminal?.hasColors ?? false
  return createLog(write, level, isText ? { type: 'text', hasColors } : { type: 'json' })
}

function createPlatform(
  log: Platform['log'],
  { fetch, coalesceChunks, decompressors = STREAMING_DECOMPRESSORS, ...own }: GatewayOptions,
): Platform {
  return {
    fetch: fetch ?? ((url, init) => globalThis.fetch(url, init)),
    now: () => Date.now(),
    randomId,
    log,
    coalesceChunks,
    decompressors,
    sha256: own.sha256,
    encodeText: own.encodeText,
    openSpool: own.openSpool,
  }
}

/** 24 random hexadecimal digits. */
function randomId(): string {
  const id = crypto.randomUUID()
  // The parts without the digits of version and variant.
  return id.slice(24) + id.slice(0, 8) + id.slice(9, 13)
}

/** Reads the file again through `files`, which log a warning if other users can read its keys. */
async function warnAboutConfigFile(env: Environment, files: Files | undefined): Promise<void> {
  const path = configPath(env)
  if (path !== undefined) await files?.read(path)
}
