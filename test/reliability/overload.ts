import { sleep } from '../faults/upstream.ts'
import type { Runtime } from '../runtimes/start.ts'
import { chatRequest, healthRequest, pacedStream } from './chat.ts'
import { createClient, type Reply } from './client.ts'
import { type Figure, quantile } from './figures.ts'
import { type MeasuredGateway, openMeasured } from './gateway.ts'

/** Requests that the gateway is told to admit at once, and how many times as many there are. */
const MOST = 32
const TIMES = 4
/** Seconds of it; every stream takes half a one. */
const SECONDS = 10
const STREAM = pacedStream(10, 50)
/** Milliseconds until a client that was turned away asks again, as it was told to. */
const PAUSE = 1_000

/** Four times as many requests as the gateway admits at once: goal 8. */
export async function measureOverload(runtime: Runtime, size: number): Promise<readonly Figure[]> {
  const gateway = await openMeasured(runtime, {
    limits: { maxConcurrentRequests: MOST, maxConcurrentRequestsPerClient: MOST },
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
    const loaded = await load(gateway, MOST * TIMES, milliseconds)
    clearInterval(watch)
    return figuresOf(runtime, unloaded, loaded, healths)
  } finally {
    clearInterval(watch)
    await gateway.stop()
  }
}

async function load(
  { port }: MeasuredGateway,
  lanes: number,
  milliseconds: number,
): Promise<readonly Reply[]> {
  const replies: Reply[] = []
  const until = performance.now() + milliseconds
  const lane = async (number: number) => {
    const client = createClient(port)
    await sleep(PAUSE * number / lanes)
    while (performance.now() < until) {
      const reply = await client.ask(chatRequest(port, { number, kind: 'load' }))
      replies.push(reply)
      if (reply.status !== 200) await sleep(PAUSE)
    }
    client.close()
  }
  await Promise.all(Array.from({ length: lanes }, (_, number) => lane(number)))
  return replies
}

/** On a connection of its own, as those who watch over a gateway ask. */
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
  const cut = accepted.filter(({ body }) => !body.endsWith('data: [DONE]\n\n')).length
  const p99 = (replies: readonly Reply[]) => quantile(replies.map(({ took }) => took), 0.99)
  // Where everybody can reach a Worker, its platform decides how many requests an isolate gets.
  const atTheDoor: Figure[] = runtime === 'workers' ? [] : [
    { goal: 8, what: 'admitted at once', value: MOST, unit: '' },
    { goal: 8, what: 'turned away', value: rejected.length, unit: '', least: 1 },
    { goal: 8, what: 'turned away, p99', value: p99(rejected), unit: 'ms', most: 50 },
  ]
  return [
    ...atTheDoor,
    { goal: 8, what: 'accepted', value: accepted.length, unit: '' },
    { goal: 8, what: 'neither, or cut', value: others + cut, unit: '', most: 0 },
    {
      ...{ goal: 8, what: 'accepted, p99, to that without load', unit: '×', most: 1.5 },
      value: p99(accepted) / p99(unloaded),
    },
    { goal: 8, what: '/health, most', value: Math.max(...healths), unit: 'ms', most: 100 },
  ]
}
