import process from 'node:process'
import { type FakeOci, startOci } from '../runtimes/oci.ts'
import { startGateway, type Target } from '../runtimes/start.ts'
import { type Engine, startPostgres, startRedis } from '../store/engines.ts'
import { startBalancer } from './balancer.ts'

/** Gateways of a cluster. */
export const GATEWAYS = 3
/** The administration key of its gateways. */
export const ADMIN_KEY = 'administration-key'

/** Gateways with one Postgres and one Redis, behind a load balancer. */
export interface Cluster {
  postgres: Engine
  redis: Engine
  oci: FakeOci
  /** The port of the load balancer. */
  port: number
  gateways: readonly Target[]
  /** The index of the gateway that serves the newest connection. */
  newest(): number
  /** Lets a gateway end its requests, and starts another one. Resolves with the ended one. */
  restart(index: number): Promise<Target>
  /** Kills a gateway at once. Resolves when another one has taken its place. */
  kill(index: number): Promise<void>
  close(): Promise<void>
}

/**
 * Starts the engines, the simulator, the gateways and the load balancer. If one of them cannot be
 * started, the others are stopped.
 * @param eventDelay milliseconds between the events of a stream
 * @param variables environment variables of the gateways
 */
export async function startCluster(
  eventDelay: number,
  variables: Readonly<Record<string, string>> = {},
): Promise<Cluster> {
  await using resources = new AsyncDisposableStack()
  const [postgres, redis, oci, balancer] = await startAll([
    own(resources, startPostgres(), (engine) => engine.stop()),
    own(resources, startRedis(), (engine) => engine.stop()),
    own(resources, startOci(eventDelay), (oci) => oci.stop()),
    own(resources, startBalancer(), (balancer) => balancer.close()),
  ])
  const start = () =>
    startGateway('node', oci, {
      GATEWAY_STORE: postgres.url,
      GATEWAY_COUNTERS: redis.url,
      GATEWAY_ADMIN_KEY: ADMIN_KEY,
      GATEWAY_API_KEYS: '',
      ...variables,
    })
  const gateways: Target[] = []
  resources.defer(async () => void await Promise.all(gateways.map((gateway) => gateway.stop())))
  const add = async (index: number) => (gateways[index] = await start())
  await startAll(Array.from({ length: GATEWAYS }, (_, index) => add(index)))
  for (const gateway of gateways) balancer.add(portOf(gateway))
  const at = (index: number): Target => {
    const gateway = gateways[index]
    if (!gateway) throw new Error(`There is no gateway ${index}`)
    return gateway
  }
  const started = resources.move()
  return {
    ...{ postgres, redis, oci, gateways, port: balancer.port },
    newest: () => Math.max(0, gateways.findIndex((one) => portOf(one) === balancer.newest)),
    async restart(index) {
      const gateway = at(index)
      balancer.remove(portOf(gateway))
      await balancer.drained(portOf(gateway))
      process.kill(gateway.pid, 'SIGTERM')
      await gateway.exited
      await gateway.stop()
      balancer.add(portOf(gateways[index] = await start()))
      return gateway
    },
    async kill(index) {
      const gateway = at(index)
      process.kill(gateway.pid, 'SIGKILL')
      await gateway.exited
      await gateway.stop()
      const successor = await start()
      balancer.remove(portOf(gateway))
      balancer.add(portOf(gateways[index] = successor))
    },
    close: () => started.disposeAsync(),
  }
}

/** Waits for all of them, also if one fails, so that nothing is started later. */
async function startAll<Starts extends readonly Promise<unknown>[]>(starts: readonly [...Starts]) {
  await Promise.allSettled(starts)
  return await Promise.all(starts)
}

async function own<Resource>(
  resources: AsyncDisposableStack,
  starting: Promise<Resource>,
  stop: (resource: Resource) => Promise<void> | void,
): Promise<Resource> {
  return resources.adopt(await starting, stop)
}

/** The port of a gateway. */
export function portOf({ url }: Target): number {
  return Number(new URL(url).port)
}
