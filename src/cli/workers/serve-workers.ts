import { availableParallelism } from 'node:os'
import type { Gateway } from '../../entry/gateway.ts'
import { reloadOnChange } from '../../entry/reload-on-change.ts'
import type { Host } from '../host.ts'
import { usageError } from '../usage-error.ts'
import { openWorkerPool } from './pool.ts'
import { canSharePort, checkPortIsFree, endOnNextSignal, startWorker } from './process.ts'

/** The number of processes that `--workers` asks for. Throws a usage error for an invalid value. */
export function countWorkers(text = '1'): number {
  if (!/^[1-9]\d{0,2}$|^auto$/.test(text)) {
    throw usageError('--workers must be a whole number from 1 to 999, or "auto"')
  }
  const count = text === 'auto' ? availableParallelism() : Number(text)
  if (count > 1 && !canSharePort()) {
    throw usageError(
      '--workers needs Linux: other systems do not distribute the connections of one port among ' +
        'processes. Start processes at several ports behind a load balancer instead',
    )
  }
  return count
}

/** Throws a usage error for a store in memory: each process would allow the whole of a budget. */
export function checkSharedStore({ store }: Pick<Gateway['config'], 'store'>): void {
  if (store !== 'memory:') return
  throw usageError(
    '--workers needs a store that processes share, such as GATEWAY_STORE=sqlite:./gateway.db: ' +
      'with memory: each process would have keys and budgets of its own',
  )
}

/**
 * Supervises processes that serve the gateway, until SIGINT or SIGTERM. This process serves no
 * requests, but reloads the configuration first, so that an invalid one reaches no other process. A
 * second signal ends all processes immediately.
 * @param gateway has the configuration, which is valid
 * @param introduce is called with the port when all processes listen
 */
export async function serveWorkers(
  { config, reloader, platform: { log } }: Gateway,
  count: number,
  { now, sleep, signal }: Host,
  introduce: (port: number) => Promise<void>,
): Promise<void> {
  checkSharedStore(config)
  if (config.port !== 0) await checkPortIsFree(config.host, config.port)
  const pool = await openWorkerPool(config.port, { count, start: startWorker, log, now, sleep })
  const interrupted = new Promise((resolve) => signal.addEventListener('abort', resolve))
  reloadOnChange(reloader, pool.reload)
  await introduce(pool.port)
  if (!signal.aborted) await interrupted
  endOnNextSignal(pool.kill)
  await pool.end()
}
