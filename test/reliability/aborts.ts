import { chunk, say, type Script, send, STALL, streamHead, wait } from '../faults/script.ts'
import { type Exchange, sleep } from '../faults/upstream.ts'
import type { Runtime } from '../runtimes/start.ts'
import { chatRequest, tagOf, WHOLE_STREAM } from './chat.ts'
import { createClient, createClients } from './client.ts'
import { type Figure, quantile } from './figures.ts'
import { type MeasuredGateway, openMeasured } from './gateway.ts'

const ABORTS = 1_000
/** Few at a time, since each is a time to measure; more where each takes a heartbeat. */
const LANES: Readonly<Record<Runtime, number>> = { node: 4, bun: 4, deno: 4, workers: 40 }
const HEARTBEAT = 300
/** Milliseconds after which whoever has not left will not. */
const PATIENCE = 2_000

const WORD = send(chunk(say('word ')))

/** Where in an answer the client leaves. */
const PHASES: Readonly<Record<string, { script: Script; leaveAt: string }>> = {
  silent: { script: [STALL], leaveAt: '' },
  stalled: { script: [send(streamHead()), WORD, STALL], leaveAt: 'word' },
  flowing: {
    script: [send(streamHead()), ...Array.from({ length: 200 }, () => [WORD, wait(20)]).flat()],
    leaveAt: 'word',
  },
}

/** Clients that leave: goal 4. */
export async function measureAborts(runtime: Runtime, size: number): Promise<readonly Figure[]> {
  const gateway = await openMeasured(runtime, {
    heartbeatSeconds: HEARTBEAT / 1000,
    timeouts: { streamStartSeconds: HEARTBEAT / 1000 },
  })
  const exchanges = new Map<number, Exchange>()
  gateway.upstream.choose = (exchange) => {
    const tag = tagOf(exchange)
    if (tag) exchanges.set(tag.number, exchange)
    return PHASES[tag?.kind ?? '']?.script ?? WHOLE_STREAM
  }
  try {
    const aborts = Math.round(ABORTS * size)
    const times = await leaveAgainAndAgain(gateway, aborts, exchanges)
    await sleep(500)
    const after = await createClient(gateway.port)
      .ask(chatRequest(gateway.port, { number: 0, kind: 'none' }))
    return figuresOf(runtime, times, {
      left: [...exchanges.values()].filter(({ ended }) => !ended).length,
      kept: gateway.upstream.connections(),
      status: after.status,
    })
  } finally {
    await gateway.stop()
  }
}

type Times = ReadonlyMap<string, readonly number[]>

async function leaveAgainAndAgain(
  { port, target }: MeasuredGateway,
  aborts: number,
  exchanges: ReadonlyMap<number, Exchange>,
): Promise<Times> {
  const clients = createClients(port)
  const names = Object.keys(PHASES)
  const times = new Map<string, number[]>(names.map((name) => [name, []]))
  let asked = 0
  const lane = async () => {
    while (asked < aborts) {
      const number = ++asked
      const kind = names[number % names.length] ?? ''
      const { left = NaN } = await clients.ask(chatRequest(port, { number, kind }), {
        leaveAt: PHASES[kind]?.leaveAt ?? '',
        // Time for the request to arrive, and for some words.
        leaveAfter: 30 + number % 40,
        leaveBy: number % 4 === 0 ? 'reset' : 'fin',
      })
      times.get(kind)?.push(await endOf(() => exchanges.get(number), left))
    }
  }
  await Promise.all(Array.from({ length: LANES[target.runtime] }, lane))
  return times
}

/** Milliseconds from the client's leaving until the upstream was left; endless if it never was. */
async function endOf(exchangeOf: () => Exchange | undefined, left: number): Promise<number> {
  const until = performance.now() + PATIENCE
  // The request may still be on its way through the gateway, or never have been passed on.
  while (!exchangeOf() && performance.now() < left + 300) await sleep(5)
  const exchange = exchangeOf()
  if (!exchange) return 0
  while (!exchange.ended && performance.now() < until) await sleep(5)
  const since = Math.max(left, exchange.began)
  return exchange.ended ? Math.max(0, exchange.ended.at - since) : Infinity
}

function figuresOf(
  runtime: Runtime,
  times: Times,
  { left, kept, status }: { left: number; kept: number; status: number },
): Figure[] {
  // workerd alone hears of it when it next writes.
  const most = runtime === 'workers' ? HEARTBEAT + 100 : 100
  return [
    ...[...times].map(([phase, values]): Figure => ({
      goal: 4,
      what: `until OCI is left, p99, ${phase}`,
      value: quantile(values, 0.99),
      unit: 'ms',
      most,
    })),
    { goal: 4, what: 'calls to OCI that go on', value: left, unit: '', most: 0 },
    { goal: 4, what: 'connections to OCI kept for later', value: kept, unit: '' },
    { goal: 4, what: 'status of the next request', value: status, unit: '', least: 200, most: 200 },
  ]
}
