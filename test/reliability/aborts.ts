import { chunk, say, type Script, send, STALL, streamHead, wait } from '../faults/script.ts'
import { type Exchange, sleep } from '../faults/upstream.ts'
import type { Runtime } from '../runtimes/start.ts'
import { chatRequest, COMPLETE_STREAM, tagOf } from './chat.ts'
import { createClient, createClients } from './client.ts'
import { type Figure, quantile } from './figures.ts'
import { type MeasuredGateway, openMeasured } from './gateway.ts'

const ABORTS = 1_000
/** Parallel clients. Few, since each is timed; more where each waits for a heartbeat. */
const PARALLEL: Readonly<Record<Runtime, number>> = { node: 4, bun: 4, deno: 4, workers: 40 }
const HEARTBEAT = 300
/** Milliseconds to wait for the end of a call to OCI. */
const TIMEOUT = 2_000

const WORD = send(chunk(say('word ')))

/** When in an answer the client disconnects. */
const PHASES: Readonly<Record<string, { script: Script; disconnectAt: string }>> = {
  silent: { script: [STALL], disconnectAt: '' },
  stalled: { script: [send(streamHead()), WORD, STALL], disconnectAt: 'word' },
  flowing: {
    script: [send(streamHead()), ...Array.from({ length: 200 }, () => [WORD, wait(20)]).flat()],
    disconnectAt: 'word',
  },
}

/** Clients that disconnect: goal 4. */
export async function measureAborts(runtime: Runtime, size: number): Promise<readonly Figure[]> {
  const gateway = await openMeasured(runtime, {
    heartbeatSeconds: HEARTBEAT / 1000,
    timeouts: { streamStartSeconds: HEARTBEAT / 1000 },
  })
  const exchanges = new Map<number, Exchange>()
  gateway.upstream.choose = (exchange) => {
    const tag = tagOf(exchange)
    if (tag) exchanges.set(tag.number, exchange)
    return PHASES[tag?.kind ?? '']?.script ?? COMPLETE_STREAM
  }
  try {
    const aborts = Math.round(ABORTS * size)
    const times = await disconnectRepeatedly(gateway, aborts, exchanges)
    await sleep(500)
    const after = await createClient(gateway.port)
      .ask(chatRequest(gateway.port, { number: 0, kind: 'none' }))
    return figuresOf(runtime, times, {
      running: [...exchanges.values()].filter(({ ended }) => !ended).length,
      kept: gateway.upstream.connections(),
      status: after.status,
    })
  } finally {
    await gateway.stop()
  }
}

type Times = ReadonlyMap<string, readonly number[]>

async function disconnectRepeatedly(
  { port, target }: MeasuredGateway,
  aborts: number,
  exchanges: ReadonlyMap<number, Exchange>,
): Promise<Times> {
  const clients = createClients(port)
  const names = Object.keys(PHASES)
  const times = new Map<string, number[]>(names.map((name) => [name, []]))
  let sent = 0
  const repeat = async () => {
    while (sent < aborts) {
      const number = ++sent
      const kind = names[number % names.length] ?? ''
      const { disconnectedAt = NaN } = await clients.ask(chatRequest(port, { number, kind }), {
        disconnectAt: PHASES[kind]?.disconnectAt ?? '',
        // Time for the request to arrive, and for some events.
        disconnectAfter: 30 + number % 40,
        disconnectBy: number % 4 === 0 ? 'reset' : 'fin',
      })
      times.get(kind)?.push(await endOf(() => exchanges.get(number), disconnectedAt))
    }
  }
  await Promise.all(Array.from({ length: PARALLEL[target.runtime] }, repeat))
  return times
}

/** Milliseconds from the client's disconnect to the end of the call to OCI; Infinity if none. */
async function endOf(
  exchangeOf: () => Exchange | undefined,
  disconnectedAt: number,
): Promise<number> {
  const until = performance.now() + TIMEOUT
  // The gateway may not have sent the call yet, or may never send it.
  while (!exchangeOf() && performance.now() < disconnectedAt + 300) await sleep(5)
  const exchange = exchangeOf()
  if (!exchange) return 0
  while (!exchange.ended && performance.now() < until) await sleep(5)
  const since = Math.max(disconnectedAt, exchange.began)
  return exchange.ended ? Math.max(0, exchange.ended.at - since) : Infinity
}

function figuresOf(
  runtime: Runtime,
  times: Times,
  { running, kept, status }: { running: number; kept: number; status: number },
): Figure[] {
  // workerd detects a disconnect only at its next write.
  const max = runtime === 'workers' ? HEARTBEAT + 100 : 100
  return [
    ...[...times].map(([phase, values]): Figure => ({
      goal: 4,
      what: `until the call to OCI ends, p99, ${phase}`,
      value: quantile(values, 0.99),
      unit: 'ms',
      max,
    })),
    { goal: 4, what: 'calls to OCI still running', value: running, unit: '', max: 0 },
    { goal: 4, what: 'idle connections to OCI', value: kept, unit: '' },
    { goal: 4, what: 'status of the next request', value: status, unit: '', min: 200, max: 200 },
  ]
}
