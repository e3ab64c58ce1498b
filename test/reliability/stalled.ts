import { connect, type Socket } from 'node:net'
import { memoryOf } from '../faults/gateways.ts'
import { chunk, flood, say, type Script, send, streamHead } from '../faults/script.ts'
import { type Exchange, sleep } from '../faults/upstream.ts'
import type { Runtime } from '../runtimes/start.ts'
import { chatRequest, pacedStream, tagOf, WHOLE_STREAM } from './chat.ts'
import { type Client, createClient } from './client.ts'
import { type Figure, quantile } from './figures.ts'
import { openMeasured } from './gateway.ts'

const CLIENTS = 50
const MEBIBYTE = 2 ** 20
/** 64 MiB, in events of 2 KiB: far more than all buffers on the way hold. */
const EVENTS = Buffer.concat(Array.from({ length: 32 }, () => chunk(say('x'.repeat(2_000)))))
const ENDLESS: Script = [send(streamHead()), flood(EVENTS, 1_000)]
const NORMAL = 10
/** Milliseconds that clients read before others do not. */
const READING = 3_000

/**
 * Clients that read nothing, and one beside them that does: goal 5. As many that read come first,
 * so that what a heap grows by from much work alone is not counted.
 */
export async function measureStalled(runtime: Runtime, size: number): Promise<readonly Figure[]> {
  const gateway = await openMeasured(runtime, {})
  const exchanges: Exchange[] = []
  gateway.upstream.choose = (exchange) => {
    const kind = tagOf(exchange)?.kind
    if (kind === 'endless') exchanges.push(exchange)
    return kind === 'endless' ? ENDLESS : kind === 'normal' ? pacedStream(10, 20) : WHOLE_STREAM
  }
  const { port, target } = gateway
  const client = createClient(port)
  const count = Math.max(5, Math.round(CLIENTS * size))
  try {
    await leaveAll(await openAll(port, count, READING, (socket) => socket.resume()))
    const read = exchanges.splice(0).length
    await askSome(client, port)
    const usual = await askSome(client, port)
    const before = memoryOf(target.pid)
    let peak = 0
    const watch = setInterval(() => peak = Math.max(peak, memoryOf(target.pid)), 100)
    const stalled = await openAll(port, count, 2_000, (socket) => socket.pause())
    const beside = await askSome(client, port)
    clearInterval(watch)
    const pulled = Math.max(...exchanges.map(({ written }) => written)) / MEBIBYTE
    await leaveAll(stalled)
    const busy = exchanges.filter(({ ended }) => !ended).length
    return [
      {
        goal: 5,
        what: 'clients that read nothing',
        value: exchanges.length,
        unit: '',
        least: read,
      },
      { goal: 5, what: 'growth beside them', value: peak - before, unit: 'MiB', most: 100 },
      { goal: 5, what: 'pulled for one, most', value: pulled, unit: 'MiB', most: 16 },
      {
        ...{ goal: 5, what: 'time of another client, to its usual', unit: '×', most: 2 },
        value: quantile(beside, 0.5) / quantile(usual, 0.5),
      },
      { goal: 5, what: 'their calls to OCI that go on', value: busy, unit: '', most: 0 },
    ]
  } finally {
    client.close()
    await gateway.stop()
  }
}

/** Clients that ask for an endless stream, and some milliseconds for it to fill what it can. */
async function openAll(
  port: number,
  count: number,
  milliseconds: number,
  begin: (socket: Socket) => void,
): Promise<readonly Socket[]> {
  const sockets = Array.from({ length: count }, (_, number) => {
    const socket = connect({ port, host: '127.0.0.1' })
    socket.on('error', () => {})
    begin(socket)
    socket.write(chatRequest(port, { number, kind: 'endless' }))
    return socket
  })
  await sleep(milliseconds)
  return sockets
}

async function leaveAll(sockets: readonly Socket[]): Promise<void> {
  for (const socket of sockets) socket.destroy()
  await sleep(1_000)
}

/** How long a client with a normal stream takes, each time. */
async function askSome(client: Client, port: number): Promise<number[]> {
  const times: number[] = []
  while (times.length < NORMAL) {
    const { took, body } = await client.ask(chatRequest(port, { number: 0, kind: 'normal' }))
    times.push(body.endsWith('data: [DONE]\n\n') ? took : Infinity)
  }
  return times
}
