import { readdirSync, readFileSync } from 'node:fs'
import process from 'node:process'
import keys from '../vectors/keys.json' with { type: 'json' }
import { type OciTarget, type Runtime, startGateway, type Target } from '../runtimes/start.ts'
import { AUTHORITY } from './connection.ts'
import { startUpstream, type Upstream } from './upstream.ts'

/** Credentials of test keys that no tenancy has. */
export const IDENTITY: OciTarget['identity'] = {
  tenancy: 'ocid1.tenancy.oc1..aaaaaaaafaults',
  user: 'ocid1.user.oc1..aaaaaaaafaults',
  compartment: 'ocid1.compartment.oc1..aaaaaaaafaults',
  fingerprint: keys.keys.rsa2048.fingerprint,
  privateKey: keys.keys.rsa2048.pkcs8Pem,
}

interface Setup {
  /** Members of the configuration file; for some set-ups they depend on the runtime. */
  config: object | ((runtime: Runtime) => object)
  variables?: Readonly<Record<string, string>>
  /** The address of OCI, if it is not the upstream's port. */
  endpoint?: (port: number) => string
  /** How many rows run side by side on a gateway; absent where they cannot affect each other. */
  lanes?: number
}

const RETRY = { initialDelaySeconds: 0.01, budgetRatio: 1 }
/** No timeout is short: what a busy machine delays must not look like a fault. */
const PLAIN = {
  retry: RETRY,
  circuitBreaker: { minimumRequests: 0 },
  // Rows share a gateway, and a 429 of one must not delay the others.
  rateLimitQueue: { maxPerClient: 0 },
}
/** Short beside the time of a run, long beside what a busy machine delays. */
const SHORT_TIMEOUTS = {
  responseSeconds: 10,
  idleSeconds: 10,
  usageGraceSeconds: 0.5,
  streamStartSeconds: 60,
}

/**
 * Workers notice that a client has left only when they write to it, so their heartbeats are
 * frequent; the other runtimes must notice it long before their first heartbeat.
 */
const disconnects = (runtime: Runtime) => ({
  ...PLAIN,
  heartbeatSeconds: runtime === 'workers' ? 0.3 : 60,
})

const TLS = {
  variables: { NODE_EXTRA_CA_CERTS: AUTHORITY, DENO_CERT: AUTHORITY },
  endpoint: (port: number) => `https://localhost:${port}`,
  lanes: 1,
}

/** The gateways that rows run on. Each is started once per runtime. */
const SETUPS = {
  /** Only the wait between attempts differs from the defaults; rows that use much memory or time. */
  default: { config: { retry: { initialDelaySeconds: 0.01 } }, lanes: 1 },
  plain: { config: PLAIN },
  disconnects: { config: disconnects, lanes: 1 },
  /** Starts its streams long before OCI does. */
  earlyStreamStart: {
    config: (runtime) => ({ ...disconnects(runtime), timeouts: { streamStartSeconds: 0.1 } }),
  },
  shortTimeouts: {
    config: { ...PLAIN, timeouts: SHORT_TIMEOUTS, limits: { bodyTimeoutSeconds: 10 } },
    lanes: 32,
  },
  /** With the default retry budget and circuit breaker. */
  retryLimits: { config: { retry: { initialDelaySeconds: 0.01 } }, lanes: 1 },
  /** For rows that leave traces: a corrected clock, a client address with too many wrong keys. */
  tainted: { config: PLAIN, lanes: 1 },
  tls: { ...TLS, config: PLAIN },
  tlsShortTimeouts: { ...TLS, config: { ...PLAIN, timeouts: SHORT_TIMEOUTS } },
  unknownHost: { config: PLAIN, endpoint: () => 'https://no-such-host.invalid' },
  lowLimits: {
    config: (runtime) => ({
      ...disconnects(runtime),
      limits: { maxBodyMiB: 0.25, maxConcurrentRequests: 4, maxConcurrentRequestsPerClient: 4 },
      access: { allowedOrigins: ['https://chat.example'] },
    }),
    lanes: 1,
  },
  withoutKeys: {
    config: { ...PLAIN, access: { allowedHosts: ['gateway.internal'] } },
    variables: { GATEWAY_API_KEYS: '' },
  },
  shortShutdown: { config: { ...PLAIN, limits: { shutdownGraceSeconds: 1 } } },
} satisfies Record<string, Setup>
export type SetupName = keyof typeof SETUPS

const LANES = 4

/** How many rows run side by side on a gateway of this set-up. */
export function lanesOf(name: SetupName): number {
  const { lanes = LANES }: Setup = SETUPS[name]
  return lanes
}

/** A gateway on a runtime, with an upstream of its own. */
export interface Gateway {
  setup: SetupName
  target: Target
  port: number
  upstream: Upstream
}

const running = new Set<number>()

/** Ends every gateway that still runs; for the exit of the suite. */
export function killGateways(): void {
  for (const group of running) {
    try {
      process.kill(-group, 'SIGKILL')
    } catch {
      // It has ended by itself.
    }
  }
}

/** Gateways of a runtime that start at the same time: a start keeps a processor busy. */
const STARTS = 1
const starts = new Set<Promise<unknown>>()
let queue: Promise<unknown> = Promise.resolve()

/** Starts a gateway, as soon as fewer than `STARTS` others are starting. */
export async function openFaultGateway(runtime: Runtime, name: SetupName): Promise<Gateway> {
  const turn = queue.then(async () => {
    while (starts.size >= STARTS) await Promise.race(starts)
    const start = startFaultGateway(runtime, name).finally(() => starts.delete(start))
    starts.add(start)
    return { start }
  })
  queue = turn
  return await (await turn).start
}

async function startFaultGateway(runtime: Runtime, name: SetupName): Promise<Gateway> {
  const setup: Setup = SETUPS[name]
  const upstream = await startUpstream()
  const url = setup.endpoint?.(upstream.port) ?? `http://127.0.0.1:${upstream.port}`
  const target = await startGateway(runtime, { url, identity: IDENTITY }, {
    GATEWAY_CONFIG: JSON.stringify(configOf(setup, runtime)),
    // The level with the most output, which is searched for secrets.
    LOG_LEVEL: 'debug',
    ...setup.variables,
  }, { bare: true, bundled: true })
  running.add(target.pid)
  void target.exited.then(() => running.delete(target.pid))
  return { setup: name, target, port: Number(new URL(target.url).port), upstream }
}

function configOf({ config }: Setup, runtime: Runtime): object {
  return typeof config === 'function' ? config(runtime) : config
}

/** MiB of resident memory of a process group; NaN where there is no /proc. */
export function memoryOf(group: number): number {
  return memoryOfMembers(membersOf(group))
}

/** Reads the same again and again, for a group that no process joins: the search is expensive. */
export function memoryReader(group: number): () => number {
  const members = membersOf(group)
  return () => memoryOfMembers(members)
}

function memoryOfMembers(members: readonly number[]): number {
  const pages = members
    .map((pid) => Number(readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')[1]))
  return pages.length === 0 ? NaN : pages.reduce((sum, count) => sum + count, 0) * PAGE / 2 ** 20
}

const PAGE = 4096

function membersOf(group: number): number[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number).filter((pid) => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
      // proc_pid_stat(5): the process group is the third field behind the command's name.
      return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2]) === group
    } catch {
      return false
    }
  })
}
