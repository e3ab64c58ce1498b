import { refusal } from '../faults/script.ts'
import { sleep } from '../faults/upstream.ts'
import type { Runtime } from '../runtimes/start.ts'
import { chatRequest, COMPLETE_STREAM, tagOf } from './chat.ts'
import { createClients, type Reply } from './client.ts'
import { type Figure, quantile } from './figures.ts'
import { openMeasured } from './gateway.ts'

const PER_SECOND = 50
/** Seconds before, during and after the outage. The circuit stays open for at most 18 seconds. */
const BEFORE = 5
const OUTAGE = 60
const AFTER = 25
/** Minimum seconds of an outage: a shorter one is too short to measure. */
const MIN_OUTAGE = 10

/** One request, when it was sent, and its calls to OCI. */
interface SentRequest {
  at: number
  calls: number
  reply: Reply | undefined
}

const UNAVAILABLE = refusal(503, 'ServiceUnavailable', 'Out of service')

/** OCI answers only 503 for a while, at a constant rate of requests: goal 7. */
export async function measureOutage(runtime: Runtime, size: number): Promise<readonly Figure[]> {
  const gateway = await openMeasured(runtime, {})
  const sent: SentRequest[] = []
  const outage = { from: Infinity, to: Infinity }
  gateway.upstream.choose = (exchange) => {
    const one = sent[tagOf(exchange)?.number ?? -1]
    if (one) one.calls++
    const isOut = exchange.began >= outage.from && exchange.began < outage.to
    return isOut ? UNAVAILABLE : COMPLETE_STREAM
  }
  const clients = createClients(gateway.port)
  const startedAt = performance.now()
  outage.from = startedAt + BEFORE * 1000
  outage.to = outage.from + Math.max(MIN_OUTAGE, OUTAGE * size) * 1000
  const replies: Promise<void>[] = []
  try {
    while (performance.now() < outage.to + AFTER * 1000) {
      const one: SentRequest = { at: performance.now(), calls: 0, reply: undefined }
      const request = chatRequest(gateway.port, { number: sent.length, kind: 'outage' })
      sent.push(one)
      replies.push(clients.ask(request).then((reply) => void (one.reply = reply)))
      await sleep(startedAt + sent.length * 1000 / PER_SECOND - performance.now())
    }
    await Promise.all(replies)
    return figuresOf(sent, outage)
  } finally {
    clients.close()
    await gateway.stop()
  }
}

function figuresOf(sent: readonly SentRequest[], outage: { from: number; to: number }): Figure[] {
  const during = sent.filter(({ at }) => at >= outage.from && at < outage.to)
  // Requests just before the outage may arrive during it.
  const before = sent.filter(({ at }) => at < outage.from - 500)
  const after = sent.filter(({ at }) => at >= outage.to)
  const calls = during.reduce((sum, { calls }) => sum + calls, 0)
  // Answered without a call: the circuit was open.
  const withoutCall = during.filter(({ calls, reply }) => calls === 0 && reply?.status !== 200)
  const settled = after.filter(({ at }) => at >= outage.to + 20_000)
  const lastFailure = after.findLast((one) => !isSuccess(one))
  const recovered = lastFailure ? (lastFailure.at - outage.to) / 1000 : 0
  const slowest = quantile(withoutCall.map(({ reply }) => reply?.took ?? Infinity), 0.99)
  const successRate = (list: readonly SentRequest[]) =>
    list.filter(isSuccess).length / list.length * 100
  return [
    { goal: 7, what: 'requests during the outage', value: during.length, unit: '' },
    { goal: 7, what: 'successes before it', value: successRate(before), unit: '%', min: 100 },
    { goal: 7, what: 'calls for each request', value: calls / during.length, unit: '×', max: 1.1 },
    {
      ...{ goal: 7, what: 'answered without a call', unit: '%' },
      value: withoutCall.length / during.length * 100,
    },
    { goal: 7, what: 'answered without a call, p99', value: slowest, unit: 'ms', max: 50 },
    { goal: 7, what: 'last failure after its end', value: recovered, unit: 's', max: 20 },
    {
      goal: 7,
      what: 'successes 20 s after its end',
      value: successRate(settled),
      unit: '%',
      min: 99,
    },
  ]
}

function isSuccess({ reply }: SentRequest): boolean {
  return reply?.status === 200 && reply.body.endsWith('data: [DONE]\n\n')
}
