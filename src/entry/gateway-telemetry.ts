import type { BodyBudget } from '../access/body-budget.ts'
import type { ConcurrencyLimiter } from '../access/concurrency-limiter.ts'
import type { Config } from '../config/read.ts'
import type { StoreServices } from '../metering/store-services.ts'
import { API_NAMES } from '../middleware/meter-requests.ts'
import type { OciSetup } from '../oci/context.ts'
import { readJson } from '../oci/http/read-json.ts'
import { CATALOGUE } from '../oci/models/catalogue.ts'
import { monitoringEndpoint, type Region } from '../oci/regions.ts'
import type {
  GatewayReading,
  ProcessReading,
  ReloadReading,
} from '../telemetry/metrics/state-metrics.ts'
import { createTelemetry, type Telemetry } from '../telemetry/telemetry.ts'
import { VERSION } from '../version.ts'

/** The parts of a gateway that telemetry reads. */
export interface TelemetryParts {
  /** The configuration at the start. */
  config: Config
  /** The client of OCI of the moment. */
  setup(): OciSetup
  regions: readonly [Region, ...Region[]]
  limiter: ConcurrencyLimiter
  bodies: BodyBudget
  stored: StoreServices | undefined
  readProcess: (() => ProcessReading) | undefined
  reloads(): ReloadReading
}

/** Creates the metrics and traces of a gateway. */
export function createGatewayTelemetry(parts: TelemetryParts): Telemetry {
  const { config, setup, regions } = parts
  const { platform, scheme = 'signature' } = setup()
  return createTelemetry({
    settings: config.telemetry,
    platform,
    labels: {
      apis: API_NAMES,
      models: modelNames(config),
      regions: regions.map(({ id }) => id),
    },
    read: () => readState(parts),
    resource: {
      'service.instance.id': crypto.randomUUID(),
      'cloud.provider': 'oracle_cloud',
      'cloud.region': regions[0].id,
      'process.runtime.name': runtimeName(),
    },
    version: VERSION,
    // A bearer key of OCI Generative AI cannot sign.
    monitoring: scheme === 'signature' ? monitoringOf(parts) : undefined,
  })
}

/** Names that always have series of their own. Patterns are no names. */
function modelNames({ aliases, fallbacks, models }: Config): string[] {
  const names = [
    ...[...aliases.keys(), ...aliases.values(), ...fallbacks.keys(), ...models.keys()],
    ...[...fallbacks.values()].flat(),
  ]
  return [...names.filter((name) => !name.endsWith('*')), ...CATALOGUE]
}

function readState(
  { setup, limiter, bodies, stored, readProcess, reloads }: TelemetryParts,
): Omit<GatewayReading, 'exports'> {
  const { quirks, breaker, budget, rateLimits } = setup()
  const { active, max, isDraining } = limiter
  const queues = rateLimits?.list() ?? []
  return {
    requests: { active, max, queued: sum(queues.map(({ queued }) => queued)), isDraining },
    bodyBytes: bodies.active,
    circuits: breaker.list(),
    retries: budget.usage,
    reloads: reloads(),
    quirks: sum(quirks.entries().map(([, learned]) => learned.length)),
    store: stored && {
      ...{ isDown: stored.guard.isDown, failures: stored.guard.failures },
      ...{ reservations: stored.metering.reservations, unsettled: stored.metering.unsettled },
    },
    build: { version: VERSION, runtime: runtimeName() },
    process: readProcess?.() ?? {},
  }
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0)
}

/** Calls OCI Monitoring with the credential of the gateway. */
function monitoringOf({ config, setup, regions }: TelemetryParts) {
  const { monitoring } = config.telemetry
  return {
    endpoint: monitoring?.endpoint ?? monitoringEndpoint(regions[0]).href,
    compartmentId: monitoring?.compartmentId ?? setup().compartmentId,
    async post(url: URL, json: unknown): Promise<unknown> {
      const body = new TextEncoder().encode(JSON.stringify(json))
      const { signal } = new AbortController()
      const call = { method: 'POST' as const, url, body }
      return await readJson(await setup().send(call, signal), TIMEOUT, signal)
    },
  }
}

/** Milliseconds until the next data of an answer. */
const TIMEOUT = 10_000

function runtimeName(): string {
  if ('Deno' in globalThis) return 'deno'
  if ('Bun' in globalThis) return 'bun'
  return 'WebSocketPair' in globalThis ? 'workerd' : 'node'
}
