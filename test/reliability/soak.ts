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
import { chatRequest, tagOf, WHOLE_STREAM } from './chat.ts'
import { createClient, type Reply } from './client.ts'
import type { Figure } from './figures.ts'
import { type MeasuredGateway, openMeasured } from './gateway.ts'

/** How a soak is mixed. */
const SHARE = { faults: 0.05, aborts: 0.05 }
const LANES = 16
/** Of what is sent, the part after which memory is looked at. */
const WARM_UP = 0.1
/** Requests below which a slope says nothing but how a runtime's heap begins. */
const ENOUGH = 30_000

/**
 * V8 lets garbage lie as long as the machine has memory: tens of MiB in a run, all of it collected
 * when asked for. In a small heap what grows is alive, and what leaks ends the process.
 */
const SMALL_HEAP = ['--max-old-space-size=64', '--max-semi-space-size=2']

/** What the upstream does wrong, first delivery and those after it, and how that may end. */
interface Fault {
  first: Script
  then?: Script
  ends: readonly Ending[]
}

/** How an answer ends for a client: whole, by an error event, by a status, or as it should not. */
type Ending = 'done' | 'error' | 'refused' | 'left' | 'unfinished' | 'lost'

const BEGUN = [send(streamHead()), send(chunk(say('The ') + say('quick ')))]

/** What passes by itself is either repeated or, when the budget is spent, told by its status. */
const FAULTS: Readonly<Record<string, Fault>> = {
  'unavailable': { first: refusal(503, 'ServiceUnavailable', 'no'), ends: ['done', 'refused'] },
  'busy': { first: refusal(429, 'TooManyRequests', 'no'), ends: ['done', 'refused'] },
  'reset': { first: [RESET], ends: ['done', 'refused'] },
  'closed': { first: [END], ends: ['done', 'refused'] },
  'html': { first: whole(200, '<html></html>'), then: whole(200, '<html>'), ends: ['refused'] },
  'refused': {
    first: refusal(400, 'InvalidParameter', 'no'),
    then: refusal(400, 'InvalidParameter', 'no'),
    ends: ['refused'],
  },
  'cut': { first: [...BEGUN, wait(20), RESET], ends: ['error'] },
  'cut-short': { first: [...BEGUN, wait(20), END], ends: ['error'] },
  'unfinished': { first: [...BEGUN, send(LAST_CHUNK)], ends: ['error'] },
  'no-json': { first: [...BEGUN, send(chunk('data: {"in\n\n')), STALL], ends: ['error'] },
  'told': {
    first: [...BEGUN, send(chunk(event({ code: '500', message: 'no' }))), send(LAST_CHUNK)],
    ends: ['error'],
  },
}

const ABORTED: Script = [...BEGUN, wait(100), send(chunk(FINISH + DONE)), send(LAST_CHUNK)]

interface Soak {
  gateway: MeasuredGateway
  requests: number
  sent: number
  /** What was seen that must not be, in words, and how often. */
  tally: Tally
  /** Deliveries of the requests that go on, and whether their client had its first byte. */
  open: Map<number, { deliveries: number; begun: boolean }>
  memory: { sent: number; mebibytes: number }[]
}

interface Tally {
  falseSuccess: number
  lateRetries: number
  deliveries: number
  most: number
  unexplained: Map<string, number>
}

/** Streams through one gateway for long, with faults and aborts mixed in: goals 2 and 6. */
export async function measureSoak(runtime: Runtime, size: number): Promise<readonly Figure[]> {
  const gateway = await openMeasured(runtime, {
    heartbeatSeconds: 1,
    retry: { initialDelaySeconds: 0.01 },
    timeouts: { usageGraceSeconds: 0.5 },
  }, SMALL_HEAP)
  const requests = Math.round((runtime === 'deno' ? 30_000 : 100_000) * size)
  const soak: Soak = {
    gateway,
    requests,
    sent: 0,
    tally: { falseSuccess: 0, lateRetries: 0, deliveries: 0, most: 0, unexplained: new Map() },
    open: new Map(),
    memory: [],
  }
  gateway.upstream.choose = (exchange) => deliver(exchange, soak)
  const watch = setInterval(() => {
    soak.memory.push({ sent: soak.sent, mebibytes: memoryOf(gateway.target.pid) })
  }, 100)
  const began = performance.now()
  try {
    await Promise.all(Array.from({ length: LANES }, () => lane(soak)))
    return figuresOf(soak, (performance.now() - began) / 1000)
  } finally {
    clearInterval(watch)
    await gateway.stop()
  }
}

async function lane(soak: Soak): Promise<void> {
  const client = createClient(soak.gateway.port)
  while (soak.sent < soak.requests) {
    const number = ++soak.sent
    const kind = kindOf()
    const state = { deliveries: 0, begun: false }
    soak.open.set(number, state)
    const reply = await client.ask(chatRequest(soak.gateway.port, { number, kind }), {
      ...(kind === 'abort' && { leaveAt: 'quick' }),
      onFirstByte: () => state.begun = true,
    })
    soak.open.delete(number)
    note(reply, kind, state.deliveries, soak.tally)
  }
  client.close()
}

function kindOf(): string {
  const random = Math.random()
  if (random < SHARE.aborts) return 'abort'
  const names = Object.keys(FAULTS)
  const name = names[Math.floor((random - SHARE.aborts) / SHARE.faults * names.length)]
  return name ?? 'none'
}

function deliver(exchange: Exchange, { open, tally }: Soak): Script | undefined {
  const tag = tagOf(exchange)
  if (!tag) return undefined
  const state = open.get(tag.number)
  const delivery = state?.deliveries ?? 0
  // What is not open any more has been answered to its end.
  if (!state || state.begun) tally.lateRetries++
  if (state) state.deliveries++
  tally.deliveries++
  if (tag.kind === 'abort') return ABORTED
  const fault = FAULTS[tag.kind]
  return fault && delivery === 0 ? fault.first : fault?.then ?? WHOLE_STREAM
}

function note(reply: Reply, kind: string, deliveries: number, tally: Tally): void {
  const ending = endingOf(reply)
  const fault = FAULTS[kind]
  // What comes all at once leaves no time to leave.
  const others: readonly Ending[] = kind === 'abort' ? ['left', 'done'] : ['done']
  const expected = fault?.ends ?? others
  tally.most = Math.max(tally.most, deliveries)
  if (ending === 'unfinished' || (ending === 'done' && !expected.includes('done'))) {
    tally.falseSuccess++
  }
  if (expected.includes(ending)) return
  const words = `${kind}: ${ending} ${reply.status} ${reply.body.slice(-200)}`
  tally.unexplained.set(words, (tally.unexplained.get(words) ?? 0) + 1)
}

/** What a client makes of it: `unfinished` is a stream that ends as if all were well, and is not. */
function endingOf({ status, body, end }: Reply): Ending {
  if (end === 'left') return 'left'
  if (end !== 'whole') return 'lost'
  if (status !== 200) return body.includes('"error":{') ? 'refused' : 'lost'
  if (body.endsWith('data: [DONE]\n\n')) return body.includes('"error":{') ? 'unfinished' : 'done'
  return body.includes('"error":{') ? 'error' : 'unfinished'
}

function figuresOf({ requests, tally, memory }: Soak, seconds: number): Figure[] {
  const settled = memory.filter(({ sent }) => sent >= requests * WARM_UP)
  const unexplained = [...tally.unexplained.values()].reduce((sum, count) => sum + count, 0)
  for (const [words, count] of tally.unexplained) process.stderr.write(`${count} × ${words}\n`)
  const grown = (settled.at(-1)?.mebibytes ?? NaN) - (settled[0]?.mebibytes ?? NaN)
  const limits = requests >= ENOUGH ? { slope: { most: 1 }, end: { most: 64 } } : {}
  return [
    { goal: 6, what: 'streams asked for', value: requests, unit: '' },
    { goal: 6, what: 'streams a second', value: requests / seconds, unit: '' },
    { goal: 2, what: 'false successes', value: tally.falseSuccess, unit: '', most: 0 },
    { goal: 2, what: 'calls after the first byte', value: tally.lateRetries, unit: '', most: 0 },
    { goal: 2, what: 'calls for one request, most', value: tally.most, unit: '', most: 3 },
    { goal: 6, what: 'errors without a cause', value: unexplained, unit: '', most: 0 },
    {
      ...{ goal: 6, what: 'growth per 10,000 streams', unit: 'MiB', value: slopeOf(settled) },
      ...limits.slope,
    },
    { goal: 6, what: 'growth after the warm-up', unit: 'MiB', value: grown, ...limits.end },
  ]
}

/** MiB per 10,000 requests: the line through the lowest point of each tenth, where garbage is least. */
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
