import type { BodyBudget } from '../access/body-budget.ts'
import type { ConcurrencyLimiter } from '../access/concurrency-limiter.ts'
import type { Config } from '../config/read.ts'
import type { StoreServices } from '../metering/store-services.ts'
import type { OciSetup } from '../oci/context.ts'
import { readJson } from '../oci/http/read-json.ts'
import { CATALOGUE } from '../oci/models/catalogue.ts'
import { monitoringEndpoint, type Region } from '../oci/regions.ts'
import type { GatewayReading, ProcessReading } from '../telemetry/metrics/state-metrics.ts'
import { createTelemetry, type Telemetry } from '../telemetry/telemetry.ts'
import { VERSION } from '../version.ts'

/** The parts of a gateway that telemetry reads. */
export interface TelemetryParts {
  config: Config
  setup: OciSetup
  regions: readonly [Region, ...Region[]]
  limiter: ConcurrencyLimiter
  budget: BodyBudget
  stored: StoreServices | undefined
  readProcess: (() => ProcessReading) | undefined
}

/** Creates the metrics and traces of a gateway. */
export function createGatewayTelemetry(parts: TelemetryParts): Telemetry {
  const { config, setup, regions } = parts
  const { platform, scheme = 'signature' } = setup
  return createTelemetry({
    settings: config.telemetry,
    platform,
    labels: { models: modelNames(config), regions: regions.map(({ id }) => id) },
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
  { setup, limiter, budget, stored, readProcess }: TelemetryParts,
): Omit<GatewayReading, 'exports'> {
  const quirks = setup.quirks.entries()
  const { active, max, queued = 0, isDraining } = limiter
  return {
    requests: { active, max, queued, isDraining },
    bodyBytes: budget.active,
    circuits: setup.breaker.list(),
    retries: setup.budget.usage,
    quirks: quirks.reduce((sum, [, learned]) => sum + learned.length, 0),
    store: stored && {
      ...{ isDown: stored.guard.isDown, failures: stored.guard.failures },
      ...{ reservations: stored.metering.reservations, unsettled: stored.metering.unsettled },
    },
    build: { version: VERSION, runtime: runtimeName() },
    process: readProcess?.() ?? {},
  }
}

/** Calls OCI Monitoring with the credential of the gateway. */
function monitoringOf({ config, setup, regions }: TelemetryParts) {
  const { monitoring } = config.telemetry
  const { send } = setup
  return {
    endpoint: monitoring?.endpoint ?? monitoringEndpoint(regions[0]).href,
    compartmentId: monitoring?.compartmentId ?? setup.compartmentId,
    async post(url: URL, json: unknown): Promise<unknown> {
      const body = new TextEncoder().encode(JSON.stringify(json))
      const { signal } = new AbortController()
      const call = { method: 'POST' as const, url, body }
      return await readJson(await send(call, signal), TIMEOUT, signal)
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
