import { sleep } from '../faults/upstream.ts'
import type { Runtime } from '../runtimes/start.ts'
import { chatRequest, healthRequest, pacedStream } from './chat.ts'
import { createClient, type Reply } from './client.ts'
import { type Figure, quantile } from './figures.ts'
import { type MeasuredGateway, openMeasured } from './gateway.ts'

/** The gateway's limit of concurrent requests, and how many times as many are sent. */
const MAX_CONCURRENT = 32
const TIMES = 4
/** Seconds of overload; each stream takes half a second. */
const SECONDS = 10
const STREAM = pacedStream(10, 50)
/** Milliseconds until a rejected client retries, as its Retry-After requests. */
const RETRY_AFTER = 1_000

/** Four times as many concurrent requests as the gateway admits: goal 8. */
export async function measureOverload(runtime: Runtime, size: number): Promise<readonly Figure[]> {
  const gateway = await openMeasured(runtime, {
    limits: {
      maxConcurrentRequests: MAX_CONCURRENT,
      maxConcurrentRequestsPerClient: MAX_CONCURRENT,
    },
  })
  gateway.upstream.choose = () => STREAM
  const milliseconds = Math.max(2_000, SECONDS * size * 1000)
  const healths: number[] = []
  const watch = setInterval(async () => {
    healths.push(await timeOfHealth(gateway))
  }, 100)
  try {
    await load(gateway, 2, 2_000)
    const unloaded = await load(gateway, 2, 3_000)
    const loaded = await load(gateway, MAX_CONCURRENT * TIMES, milliseconds)
    clearInterval(watch)
    return figuresOf(runtime, unloaded, loaded, healths)
  } finally {
    clearInterval(watch)
    await gateway.stop()
  }
}

async function load(
  { port }: MeasuredGateway,
  clients: number,
  milliseconds: number,
): Promise<readonly Reply[]> {
  const replies: Reply[] = []
  const until = performance.now() + milliseconds
  const run = async (number: number) => {
    const client = createClient(port)
    await sleep(RETRY_AFTER * number / clients)
    while (performance.now() < until) {
      const reply = await client.ask(chatRequest(port, { number, kind: 'load' }))
      replies.push(reply)
      if (reply.status !== 200) await sleep(RETRY_AFTER)
    }
    client.close()
  }
  await Promise.all(Array.from({ length: clients }, (_, number) => run(number)))
  return replies
}

/** Uses a separate connection, like a monitor. */
async function timeOfHealth({ port }: MeasuredGateway): Promise<number> {
  const client = createClient(port)
  const { took, status } = await client.ask(healthRequest(port))
  client.close()
  return status === 200 ? took : Infinity
}

function figuresOf(
  runtime: Runtime,
  unloaded: readonly Reply[],
  loaded: readonly Reply[],
  healths: readonly number[],
): Figure[] {
  const accepted = loaded.filter(({ status }) => status === 200)
  const rejected = loaded.filter(({ status }) => status === 503)
  const others = loaded.length - accepted.length - rejected.length
  const incomplete = accepted.filter(({ body }) => !body.endsWith('data: [DONE]\n\n')).length
  const p99 = (replies: readonly Reply[]) => quantile(replies.map(({ took }) => took), 0.99)
  // A Worker does not limit requests: its platform decides how many an isolate receives.
  const limited: Figure[] = runtime === 'workers' ? [] : [
    { goal: 8, what: 'concurrent requests admitted', value: MAX_CONCURRENT, unit: '' },
    { goal: 8, what: 'rejected', value: rejected.length, unit: '', min: 1 },
    { goal: 8, what: 'rejected, p99', value: p99(rejected), unit: 'ms', max: 50 },
  ]
  return [
    ...limited,
    { goal: 8, what: 'accepted', value: accepted.length, unit: '' },
    { goal: 8, what: 'neither, or incomplete', value: others + incomplete, unit: '', max: 0 },
    {
      ...{ goal: 8, what: 'accepted, p99, relative to no load', unit: '×', max: 1.5 },
      value: p99(accepted) / p99(unloaded),
    },
    { goal: 8, what: '/health, maximum', value: Math.max(...healths), unit: 'ms', max: 100 },
  ]
}
