import { readdirSync, readFileSync } from 'node:fs'
import process from 'node:process'
import keys from '../vectors/keys.json' with { type: 'json' }
import { type OciTarget, type Runtime, startGateway, type Target } from '../runtimes/start.ts'
import { AUTHORITY } from './connection.ts'
import { startUpstream, type Upstream } from './upstream.ts'

/** Throw-away, and known to nobody. */
export const IDENTITY: OciTarget['identity'] = {
  tenancy: 'ocid1.tenancy.oc1..aaaaaaaafaults',
  user: 'ocid1.user.oc1..aaaaaaaafaults',
  compartment: 'ocid1.compartment.oc1..aaaaaaaafaults',
  fingerprint: keys.keys.rsa2048.fingerprint,
  privateKey: keys.keys.rsa2048.pkcs8Pem,
}

interface Setup {
  /** Keys of the configuration file. */
  config: object
  variables?: Readonly<Record<string, string>>
  /** Where OCI is, if not on the upstream's port. */
  endpoint?: (port: number) => string
}

const QUICK = { responseSeconds: 2, idleSeconds: 1, usageGraceSeconds: 0.5 }
const RETRY = { initialDelaySeconds: 0.01, budgetRatio: 1 }
const SHORT = {
  heartbeatSeconds: 0.3,
  retry: RETRY,
  circuitBreaker: { minimumRequests: 0 },
  timeouts: QUICK,
}

/** The gateways that the rows are tried on, each started when a row first asks for it. */
const SETUPS = {
  plain: { config: SHORT },
  /** Begins its streams long before OCI does. */
  eager: { config: { ...SHORT, timeouts: { ...QUICK, streamStartSeconds: 0.1 } } },
  /** As it comes, but for the waits between attempts. */
  patient: { config: { retry: RETRY } },
  /** With the limits on repeating that it comes with. */
  thrifty: { config: { heartbeatSeconds: 0.3, retry: { initialDelaySeconds: 0.01 } } },
  /** Its clock will be found wrong. */
  late: { config: SHORT },
  tls: {
    config: SHORT,
    variables: { NODE_EXTRA_CA_CERTS: AUTHORITY, DENO_CERT: AUTHORITY },
    endpoint: (port) => `https://localhost:${port}`,
  },
  nowhere: { config: SHORT, endpoint: () => 'https://no-such-host.invalid' },
  tight: {
    config: {
      ...SHORT,
      limits: {
        maxBodyMiB: 0.25,
        bodyTimeoutSeconds: 1,
        maxConcurrentRequests: 4,
        maxConcurrentRequestsPerClient: 4,
      },
      access: { allowedOrigins: ['https://chat.example'] },
    },
  },
  /** Where somebody tries one key after the other. */
  guessed: { config: SHORT },
  open: {
    config: { ...SHORT, access: { allowedHosts: ['gateway.internal'] } },
    variables: { GATEWAY_API_KEYS: '' },
  },
  hasty: { config: { heartbeatSeconds: 0.3, limits: { shutdownGraceSeconds: 1 } } },
} satisfies Record<string, Setup>
export type SetupName = keyof typeof SETUPS

/** A gateway on a runtime, with an upstream of its own. */
export interface Gateway {
  setup: SetupName
  target: Target
  port: number
  upstream: Upstream
}

const running = new Set<number>()

/** Ends, on the way out, whatever is still there. */
export function killGateways(): void {
  for (const group of running) {
    try {
      process.kill(-group, 'SIGKILL')
    } catch {
      // It had ended by itself.
    }
  }
}

export async function openFaultGateway(runtime: Runtime, name: SetupName): Promise<Gateway> {
  const setup: Setup = SETUPS[name]
  const upstream = await startUpstream()
  const url = setup.endpoint?.(upstream.port) ?? `http://127.0.0.1:${upstream.port}`
  const target = await startGateway(runtime, { url, identity: IDENTITY }, {
    GATEWAY_CONFIG: JSON.stringify(setup.config),
    // Other levels are parts of this one, in which secrets are looked for.
    LOG_LEVEL: 'debug',
    ...setup.variables,
  }, { bare: true })
  running.add(target.pid)
  void target.exited.then(() => running.delete(target.pid))
  return { setup: name, target, port: Number(new URL(target.url).port), upstream }
}

/** MiB of memory that a process group holds; not a number where there is no /proc. */
export function memoryOf(group: number): number {
  const pages = membersOf(group)
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
