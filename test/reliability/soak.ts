import {
  chunk,
  DONE,
  END,
  event,
  FINISH,
  LAST_CHUNK,
  refusal,
  RESET,
  say,
  type Script,
  send,
  STALL,
  streamHead,
  wait,
  whole,
} from '../faults/script.ts'
import { memoryOf } from '../faults/gateways.ts'
import type { Exchange } from '../faults/upstream.ts'
import type { Runtime } from '../runtimes/start.ts'
import { chatRequest, COMPLETE_STREAM, tagOf } from './chat.ts'
import { createClient, type Reply } from './client.ts'
import type { Figure } from './figures.ts'
import { type MeasuredGateway, openMeasured } from './gateway.ts'

/** The ratio of requests with a fault, and of those that the client aborts. */
const RATIO = { faults: 0.05, aborts: 0.05 }
const CLIENTS = 16
/** The fraction of requests after which memory is measured. */
const WARM_UP = 0.1
/** Minimum requests for a limit on growth: fewer only show how a heap starts. */
const MIN_FOR_LIMITS = 30_000

/**
 * V8 delays garbage collection while the machine has memory, which adds tens of MiB in a run. In a
 * small heap, growth is live memory, and a leak ends the process.
 */
const SMALL_HEAP = ['--max-old-space-size=64', '--max-semi-space-size=2']

/** A fault of the upstream: its answer to the first call and to retries, and the possible ends. */
interface Fault {
  first: Script
  then?: Script
  ends: readonly Ending[]
}

/** How an answer ends for a client; `unfinished` and `lost` must not occur. */
type Ending = 'done' | 'error' | 'rejected' | 'disconnected' | 'unfinished' | 'lost'

const STARTED = [send(streamHead()), send(chunk(say('The ') + say('quick ')))]

/** Transient faults are retried or, when the budget is exhausted, reported with a status. */
const FAULTS: Readonly<Record<string, Fault>> = {
  'unavailable': { first: refusal(503, 'ServiceUnavailable', 'no'), ends: ['done', 'rejected'] },
  'busy': { first: refusal(429, 'TooManyRequests', 'no'), ends: ['done', 'rejected'] },
  'reset': { first: [RESET], ends: ['done', 'rejected'] },
  'closed': { first: [END], ends: ['done', 'rejected'] },
  'html': { first: whole(200, '<html></html>'), then: whole(200, '<html>'), ends: ['rejected'] },
  'rejected': {
    first: refusal(400, 'InvalidParameter', 'no'),
    then: refusal(400, 'InvalidParameter', 'no'),
    ends: ['rejected'],
  },
  'cut': { first: [...STARTED, wait(20), RESET], ends: ['error'] },
  'cut-short': { first: [...STARTED, wait(20), END], ends: ['error'] },
  'unfinished': { first: [...STARTED, send(LAST_CHUNK)], ends: ['error'] },
  'no-json': { first: [...STARTED, send(chunk('data: {"in\n\n')), STALL], ends: ['error'] },
  'error-event': {
    first: [...STARTED, send(chunk(event({ code: '500', message: 'no' }))), send(LAST_CHUNK)],
    ends: ['error'],
  },
}

const ABORTED: Script = [...STARTED, wait(100), send(chunk(FINISH + DONE)), send(LAST_CHUNK)]

interface Soak {
  gateway: MeasuredGateway
  requests: number
  sent: number
  /** Counts of unexpected results. */
  tally: Tally
  /** Calls of the running requests, and whether their client has received a byte. */
  open: Map<number, { deliveries: number; started: boolean }>
  memory: { sent: number; mebibytes: number }[]
}

interface Tally {
  falseSuccess: number
  lateRetries: number
  deliveries: number
  maxDeliveries: number
  unexplained: Map<string, number>
}

/** Sends many streams through one gateway, with faults and aborts: goals 2 and 6. */
export async function measureSoak(runtime: Runtime, size: number): Promise<readonly Figure[]> {
  const gateway = await openMeasured(runtime, {
    heartbeatSeconds: 1,
    retry: { initialDelaySeconds: 0.01 },
    // Its 429s are random, so no limit on concurrent calls avoids them.
    rateLimitQueue: { maxPerClient: 0 },
    timeouts: { usageGraceSeconds: 0.5 },
  }, SMALL_HEAP)
  const requests = Math.round((runtime === 'deno' ? 30_000 : 100_000) * size)
  const soak: Soak = {
    gateway,
    requests,
    sent: 0,
    tally: {
      falseSuccess: 0,
      lateRetries: 0,
      deliveries: 0,
      maxDeliveries: 0,
      unexplained: new Map(),
    },
    open: new Map(),
    memory: [],
  }
  gateway.upstream.choose = (exchange) => deliver(exchange, soak)
  const watch = setInterval(() => {
    soak.memory.push({ sent: soak.sent, mebibytes: memoryOf(gateway.target.pid) })
  }, 100)
  const startedAt = performance.now()
  try {
    await Promise.all(Array.from({ length: CLIENTS }, () => runClient(soak)))
    return figuresOf(soak, (performance.now() - startedAt) / 1000)
  } finally {
    clearInterval(watch)
    await gateway.stop()
  }
}

async function runClient(soak: Soak): Promise<void> {
  const client = createClient(soak.gateway.port)
  while (soak.sent < soak.requests) {
    const number = ++soak.sent
    const kind = kindOf()
    const state = { deliveries: 0, started: false }
    soak.open.set(number, state)
    const reply = await client.ask(chatRequest(soak.gateway.port, { number, kind }), {
      ...(kind === 'abort' && { disconnectAt: 'quick' }),
      onFirstByte: () => state.started = true,
    })
    soak.open.delete(number)
    record(reply, kind, state.deliveries, soak.tally)
  }
  client.close()
}

function kindOf(): string {
  const random = Math.random()
  if (random < RATIO.aborts) return 'abort'
  const names = Object.keys(FAULTS)
  const name = names[Math.floor((random - RATIO.aborts) / RATIO.faults * names.length)]
  return name ?? 'none'
}

function deliver(exchange: Exchange, { open, tally }: Soak): Script | undefined {
  const tag = tagOf(exchange)
  if (!tag) return undefined
  const state = open.get(tag.number)
  const delivery = state?.deliveries ?? 0
  // A request that is no longer open has a complete answer.
  if (!state || state.started) tally.lateRetries++
  if (state) state.deliveries++
  tally.deliveries++
  if (tag.kind === 'abort') return ABORTED
  const fault = FAULTS[tag.kind]
  return fault && delivery === 0 ? fault.first : fault?.then ?? COMPLETE_STREAM
}

function record(reply: Reply, kind: string, deliveries: number, tally: Tally): void {
  const ending = endingOf(reply)
  const fault = FAULTS[kind]
  // If the answer arrives in one chunk, the client cannot disconnect in time.
  const usual: readonly Ending[] = kind === 'abort' ? ['disconnected', 'done'] : ['done']
  const expected = fault?.ends ?? usual
  tally.maxDeliveries = Math.max(tally.maxDeliveries, deliveries)
  if (ending === 'unfinished' || (ending === 'done' && !expected.includes('done'))) {
    tally.falseSuccess++
  }
  if (expected.includes(ending)) return
  const description = `${kind}: ${ending} ${reply.status} ${reply.body.slice(-200)}`
  tally.unexplained.set(description, (tally.unexplained.get(description) ?? 0) + 1)
}

/** Classifies a reply; `unfinished` is an incomplete stream that looks like a success. */
function endingOf({ status, body, end }: Reply): Ending {
  if (end === 'disconnected') return 'disconnected'
  if (end !== 'complete') return 'lost'
  if (status !== 200) return body.includes('"error":{') ? 'rejected' : 'lost'
  if (body.endsWith('data: [DONE]\n\n')) return body.includes('"error":{') ? 'unfinished' : 'done'
  return body.includes('"error":{') ? 'error' : 'unfinished'
}

function figuresOf({ requests, tally, memory }: Soak, seconds: number): Figure[] {
  const settled = memory.filter(({ sent }) => sent >= requests * WARM_UP)
  const unexplained = [...tally.unexplained.values()].reduce((sum, count) => sum + count, 0)
  for (const [description, count] of tally.unexplained) {
    process.stderr.write(`${count} × ${description}\n`)
  }
  const grown = (settled.at(-1)?.mebibytes ?? NaN) - (settled[0]?.mebibytes ?? NaN)
  const limits = requests >= MIN_FOR_LIMITS ? { slope: { max: 1 }, end: { max: 64 } } : {}
  return [
    { goal: 6, what: 'streams requested', value: requests, unit: '' },
    { goal: 6, what: 'streams per second', value: requests / seconds, unit: '' },
    { goal: 2, what: 'false successes', value: tally.falseSuccess, unit: '', max: 0 },
    { goal: 2, what: 'calls after the first byte', value: tally.lateRetries, unit: '', max: 0 },
    {
      goal: 2,
      what: 'calls for one request, maximum',
      value: tally.maxDeliveries,
      unit: '',
      max: 3,
    },
    { goal: 6, what: 'unexplained errors', value: unexplained, unit: '', max: 0 },
    {
      ...{ goal: 6, what: 'growth per 10,000 streams', unit: 'MiB', value: slopeOf(settled) },
      ...limits.slope,
    },
    { goal: 6, what: 'growth after the warm-up', unit: 'MiB', value: grown, ...limits.end },
  ]
}

/** MiB per 10,000 requests: linear regression over the lowest point of each tenth. */
function slopeOf(memory: Soak['memory']): number {
  const size = Math.ceil(memory.length / 10)
  const floors = Array.from({ length: 10 }, (_, tenth) => {
    const part = memory.slice(tenth * size, (tenth + 1) * size)
    return part.toSorted((a, b) => a.mebibytes - b.mebibytes)[0]
  }).filter((point) => point !== undefined)
  const x = meanOf(floors.map(({ sent }) => sent))
  const y = meanOf(floors.map(({ mebibytes }) => mebibytes))
  const across = floors.reduce((sum, point) => sum + (point.sent - x) ** 2, 0)
  const up = floors.reduce((sum, point) => sum + (point.sent - x) * (point.mebibytes - y), 0)
  return up / across * 10_000
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
