import type { Hono } from 'hono'
import { createApp } from '../app.ts'
import { type Config, parseConfigFile, readConfig } from '../config.ts'
import type { ConfigFile } from '../config-schema.ts'
import { ApiError } from '../errors.ts'
import type { GatewayEnvironment } from '../middleware/environment.ts'
import { apiKey } from '../oci/auth/api-key.ts'
import { loadProfile, type Profile } from '../oci/auth/profile.ts'
import { createOciClient } from '../oci/client.ts'
import { createClock } from '../oci/clock.ts'
import { createLessonBook } from '../oci/lessons.ts'
import { controlEndpoint, inferenceEndpoint, resolveRegion } from '../oci/regions.ts'
import { createSender } from '../oci/send.ts'
import type { Environment, Files, Platform } from '../platform.ts'
import { createLog } from '../telemetry/log.ts'

export interface GatewayOptions {
  env: Environment
  /** Absent where there are none. */
  files: Files | undefined
  /** Writes one line of the log. */
  write(line: string): void
  /** Whether everybody can reach the gateway whatever its address, as on an edge. */
  exposed?: boolean
  /** Stands in for the network. */
  fetch?: Platform['fetch']
}

/** A gateway ready to be served, and what to tell the person who started it. */
export interface Gateway {
  app: Hono<GatewayEnvironment>
  config: Config
  /** Where its credential came from. */
  source: string
  region: string
  platform: Platform
}

/** Reads the configuration, loads the credential and puts the app together. */
export async function openGateway(options: GatewayOptions): Promise<Gateway> {
  const { env, files, write, exposed = false } = options
  const config = readConfig(env, await readConfigFile(env, files), { exposed })
  const platform = createPlatform(createLog(write, config.logLevel), options.fetch)
  const profile = await loadProfile(env, files)
  const region = resolveRegion(config.regions[0] ?? profile.region, env)
  const oci = createOciClient({
    send: createSender({
      credential: await apiKey(profile),
      clock: createClock(platform.now),
      platform,
      answerTimeout: config.timeouts.answer,
    }),
    platform,
    inference: config.inferenceEndpoint ?? inferenceEndpoint(region),
    control: config.controlEndpoint ?? controlEndpoint(region),
    compartmentId: compartmentOf(config, profile),
    aliases: config.aliases,
    profiles: config.profiles,
    lessons: createLessonBook(),
    retry: config.retry,
    timeouts: config.timeouts,
  })
  const app = await createApp({ config, oci, platform })
  return { app, config, source: profile.source, region: region.id, platform }
}

/** The root compartment has the tenancy's own OCID. */
function compartmentOf(config: Config, profile: Profile): string {
  return config.compartmentId ?? profile.tenancy
}

function createPlatform(log: Platform['log'], fetch?: Platform['fetch']): Platform {
  return {
    fetch: fetch ?? ((url, init) => globalThis.fetch(url, init)),
    now: () => Date.now(),
    randomId: () => crypto.randomUUID().replaceAll('-', '').slice(0, 24),
    log,
  }
}

/** `GATEWAY_CONFIG` names a file or, where there are none, is the JSON itself. */
async function readConfigFile(env: Environment, files: Files | undefined): Promise<ConfigFile> {
  const given = env['GATEWAY_CONFIG']?.trim() ?? ''
  if (given === '') return {}
  if (given.startsWith('{')) return parseConfigFile(given, 'GATEWAY_CONFIG')
  const text = await files?.read(given)
  if (text !== undefined) return parseConfigFile(text, `GATEWAY_CONFIG "${given}"`)
  throw new ApiError('configuration_error', `Cannot read GATEWAY_CONFIG: no file "${given}"`, {
    reason: 'configuration',
  })
}
