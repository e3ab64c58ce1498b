import process from 'node:process'
import { membersOf } from '../../bench/processes.ts'
import { IDENTITY } from '../faults/gateways.ts'
import { type Script, whole } from '../faults/script.ts'
import { type Exchange, startUpstream, type Upstream } from '../faults/upstream.ts'
import { type Runtime, startGateway, type Target } from '../runtimes/start.ts'
import { answerTo } from './ordinary-answers.ts'
import { type Setup, type SetupName, SETUPS } from './settings.ts'
import { type Sink, startSink } from './sink.ts'

/** A gateway under attack, and its upstream. */
export interface AttackedGateway {
  setup: SetupName
  target: Target
  port: number
  /** Its processes. It starts no others, and to search for them takes milliseconds. */
  members: readonly number[]
  upstream: Upstream | undefined
  sink: Sink | undefined
  /** Open connections to the upstream. */
  connections(): number
  stop(): Promise<void>
}

const running = new Set<number>()

/** Ends all gateways that still run when this process exits. */
export function killGateways(): void {
  for (const group of running) {
    try {
      process.kill(-group, 'SIGKILL')
    } catch {
      // The process has already ended.
    }
  }
}

/** Starts a gateway as a user would, a Worker without the proxy of `wrangler dev`. */
export async function openAttackedGateway(
  runtime: Runtime,
  name: SetupName,
): Promise<AttackedGateway> {
  const setup: Setup = SETUPS[name]
  const sink = setup.upstream === 'load' ? await startSink() : undefined
  const upstream = setup.upstream === 'scripted' ? await startUpstream() : undefined
  if (upstream) upstream.choose = answerOrdinarily
  const url = `http://127.0.0.1:${upstream?.port ?? sink?.port}`
  const target = await startGateway(runtime, { url, identity: IDENTITY }, {
    GATEWAY_CONFIG: JSON.stringify(setup.config),
    LOG_LEVEL: 'error',
    ...setup.variables,
  }, { bare: true, bundled: true })
  running.add(target.pid)
  void target.exited.then(() => running.delete(target.pid))
  return {
    setup: name,
    target,
    port: Number(new URL(target.url).port),
    members: membersOf(target.pid),
    upstream,
    sink,
    connections: () => upstream?.connections() ?? sink?.connections() ?? 0,
    async stop() {
      await target.stop()
      await sink?.close()
      await upstream?.close()
    },
  }
}

/** The default behavior of a scripted upstream. */
export function answerOrdinarily({ head, body }: Exchange): Script {
  const { type, text } = answerTo(head.start.split(' ')[1] ?? '', Buffer.from(body))
  return whole(200, text, { 'content-type': type })
}
