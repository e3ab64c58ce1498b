import process from 'node:process'
import { IDENTITY } from '../faults/gateways.ts'
import { startUpstream, type Upstream } from '../faults/upstream.ts'
import { type Runtime, startGateway, type Target } from '../runtimes/start.ts'

/** A gateway under measurement with its upstream. */
export interface MeasuredGateway {
  target: Target
  port: number
  upstream: Upstream
  stop(): Promise<void>
}

const running = new Set<number>()
// Each gateway is a process group, which would survive an interrupted measurement.
process.once('exit', () => {
  for (const pid of running) process.kill(-pid, 'SIGKILL')
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

/**
 * Starts the gateway like an operator does; a Worker runs without the proxy of `wrangler dev`. `config`
 * has members of the configuration file; others have their defaults.
 */
export async function openMeasured(
  runtime: Runtime,
  config: object,
  v8Flags: readonly string[] = [],
): Promise<MeasuredGateway> {
  const upstream = await startUpstream()
  const url = `http://127.0.0.1:${upstream.port}`
  const target = await startGateway(runtime, { url, identity: IDENTITY }, {
    GATEWAY_CONFIG: JSON.stringify({ logLevel: 'warn', ...config }),
  }, { bare: true, v8Flags })
  running.add(target.pid)
  target.exited.then(() => running.delete(target.pid))
  return {
    target,
    port: Number(new URL(target.url).port),
    upstream,
    async stop() {
      await target.stop()
      await upstream.close()
    },
  }
}
