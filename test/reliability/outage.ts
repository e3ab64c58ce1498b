import { refusal } from '../faults/script.ts'
import { sleep } from '../faults/upstream.ts'
import type { Runtime } from '../runtimes/start.ts'
import { chatRequest, tagOf, WHOLE_STREAM } from './chat.ts'
import { createClients, type Reply } from './client.ts'
import { type Figure, quantile } from './figures.ts'
import { openMeasured } from './gateway.ts'

const PER_SECOND = 50
/** Seconds before it, of it, and after it: the breaker rests 18 at most. */
const BEFORE = 5
const OUTAGE = 60
const AFTER = 25
/** A shorter one is over before anything can be concluded. */
const LEAST = 10

/** One request, when it was asked for and what it cost upstream. */
interface Asked {
  at: number
  calls: number
  reply: Reply | undefined
}

const UNAVAILABLE = refusal(503, 'ServiceUnavailable', 'Out of service')

/** OCI answers nothing but 503 for a while, at a steady rate of requests: goal 7. */
export async function measureOutage(runtime: Runtime, size: number): Promise<readonly Figure[]> {
  const gateway = await openMeasured(runtime, {})
  const asked: Asked[] = []
  const outage = { from: Infinity, to: Infinity }
  gateway.upstream.choose = (exchange) => {
    const one = asked[tagOf(exchange)?.number ?? -1]
    if (one) one.calls++
    const isOut = exchange.began >= outage.from && exchange.began < outage.to
    return isOut ? UNAVAILABLE : WHOLE_STREAM
  }
  const clients = createClients(gateway.port)
  const began = performance.now()
  outage.from = began + BEFORE * 1000
  outage.to = outage.from + Math.max(LEAST, OUTAGE * size) * 1000
  const replies: Promise<void>[] = []
  try {
    while (performance.now() < outage.to + AFTER * 1000) {
      const one: Asked = { at: performance.now(), calls: 0, reply: undefined }
      const request = chatRequest(gateway.port, { number: asked.length, kind: 'outage' })
      asked.push(one)
      replies.push(clients.ask(request).then((reply) => void (one.reply = reply)))
      await sleep(began + asked.length * 1000 / PER_SECOND - performance.now())
    }
    await Promise.all(replies)
    return figuresOf(asked, outage)
  } finally {
    clients.close()
    await gateway.stop()
  }
}

function figuresOf(asked: readonly Asked[], outage: { from: number; to: number }): Figure[] {
  const during = asked.filter(({ at }) => at >= outage.from && at < outage.to)
  // What is asked in the last moment before it may arrive in it.
  const before = asked.filter(({ at }) => at < outage.from - 500)
  const after = asked.filter(({ at }) => at >= outage.to)
  const calls = during.reduce((sum, { calls }) => sum + calls, 0)
  // Answered without a call: the breaker was open.
  const atOnce = during.filter(({ calls, reply }) => calls === 0 && reply?.status !== 200)
  const settled = after.filter(({ at }) => at >= outage.to + 20_000)
  const lastFailure = after.findLast((one) => !isGood(one))
  const recovered = lastFailure ? (lastFailure.at - outage.to) / 1000 : 0
  const slowest = quantile(atOnce.map(({ reply }) => reply?.took ?? Infinity), 0.99)
  const good = (list: readonly Asked[]) => list.filter(isGood).length / list.length * 100
  return [
    { goal: 7, what: 'requests in the outage', value: during.length, unit: '' },
    { goal: 7, what: 'success before it', value: good(before), unit: '%', least: 100 },
    { goal: 7, what: 'calls for each request', value: calls / during.length, unit: '×', most: 1.1 },
    {
      ...{ goal: 7, what: 'answered without a call', unit: '%' },
      value: atOnce.length / during.length * 100,
    },
    { goal: 7, what: 'those, p99', value: slowest, unit: 'ms', most: 50 },
    { goal: 7, what: 'last failure after its end', value: recovered, unit: 's', most: 20 },
    { goal: 7, what: 'success 20 s after its end', value: good(settled), unit: '%', least: 99 },
  ]
}

function isGood({ reply }: Asked): boolean {
  return reply?.status === 200 && reply.body.endsWith('data: [DONE]\n\n')
}
