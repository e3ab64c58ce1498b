import { connect, type Socket } from 'node:net'
import { memoryOf } from '../faults/gateways.ts'
import { chunk, flood, say, type Script, send, streamHead } from '../faults/script.ts'
import { type Exchange, sleep } from '../faults/upstream.ts'
import type { Runtime } from '../runtimes/start.ts'
import { chatRequest, COMPLETE_STREAM, pacedStream, tagOf } from './chat.ts'
import { type Client, createClient } from './client.ts'
import { type Figure, quantile } from './figures.ts'
import { openMeasured } from './gateway.ts'

const CLIENTS = 50
const MEBIBYTE = 2 ** 20
/** 64 MiB in events of 2 KiB: much more than all buffers hold. */
const EVENTS = Buffer.concat(Array.from({ length: 32 }, () => chunk(say('x'.repeat(2_000)))))
const ENDLESS: Script = [send(streamHead()), flood(EVENTS, 1_000)]
const NORMAL = 10
/** Milliseconds for which clients read in the first part. */
const READING = 3_000

/**
 * Clients that do not read, and another one that does: goal 5. The same number of reading clients runs
 * first, so that the growth of the heap under load is not counted.
 */
export async function measureStalled(runtime: Runtime, size: number): Promise<readonly Figure[]> {
  const gateway = await openMeasured(runtime, {})
  const exchanges: Exchange[] = []
  gateway.upstream.choose = (exchange) => {
    const kind = tagOf(exchange)?.kind
    if (kind === 'endless') exchanges.push(exchange)
    return kind === 'endless' ? ENDLESS : kind === 'normal' ? pacedStream(10, 20) : COMPLETE_STREAM
  }
  const { port, target } = gateway
  const client = createClient(port)
  const count = Math.max(5, Math.round(CLIENTS * size))
  try {
    await disconnectAll(await openAll(port, count, READING, (socket) => socket.resume()))
    const read = exchanges.splice(0).length
    await timeStreams(client, port)
    const usual = await timeStreams(client, port)
    const before = memoryOf(target.pid)
    let peak = 0
    const watch = setInterval(() => peak = Math.max(peak, memoryOf(target.pid)), 100)
    const stalled = await openAll(port, count, 2_000, (socket) => socket.pause())
    const meanwhile = await timeStreams(client, port)
    clearInterval(watch)
    const pulled = Math.max(...exchanges.map(({ written }) => written)) / MEBIBYTE
    await disconnectAll(stalled)
    const busy = exchanges.filter(({ ended }) => !ended).length
    return [
      {
        goal: 5,
        what: 'clients that do not read',
        value: exchanges.length,
        unit: '',
        min: read,
      },
      { goal: 5, what: 'growth meanwhile', value: peak - before, unit: 'MiB', max: 100 },
      { goal: 5, what: 'read for one client, maximum', value: pulled, unit: 'MiB', max: 16 },
      {
        ...{ goal: 5, what: 'time of another client, relative to usual', unit: '×', max: 2 },
        value: quantile(meanwhile, 0.5) / quantile(usual, 0.5),
      },
      { goal: 5, what: 'their calls to OCI still running', value: busy, unit: '', max: 0 },
    ]
  } finally {
    client.close()
    await gateway.stop()
  }
}

/** Opens clients that request an endless stream, and waits for the buffers to fill. */
async function openAll(
  port: number,
  count: number,
  milliseconds: number,
  prepare: (socket: Socket) => void,
): Promise<readonly Socket[]> {
  const sockets = Array.from({ length: count }, (_, number) => {
    const socket = connect({ port, host: '127.0.0.1' })
    socket.on('error', () => {})
    prepare(socket)
    socket.write(chatRequest(port, { number, kind: 'endless' }))
    return socket
  })
  await sleep(milliseconds)
  return sockets
}

async function disconnectAll(sockets: readonly Socket[]): Promise<void> {
  for (const socket of sockets) socket.destroy()
  await sleep(1_000)
}

/** Returns the times of a client for some normal streams. */
async function timeStreams(client: Client, port: number): Promise<number[]> {
  const times: number[] = []
  while (times.length < NORMAL) {
    const { took, body } = await client.ask(chatRequest(port, { number: 0, kind: 'normal' }))
    times.push(body.endsWith('data: [DONE]\n\n') ? took : Infinity)
  }
  return times
}
