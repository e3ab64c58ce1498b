import { execFile } from 'node:child_process'
import { connect, type Socket } from 'node:net'
import { promisify } from 'node:util'
import { sleep } from '../faults/upstream.ts'
import { countOf, type Form, TIMEOUT } from './form.ts'
import type { AttackedGateway } from './gateway.ts'
import { brief, type Finding, problemIf, tally } from './outcome.ts'
import { memoryOf } from './probe-order.ts'
import { handlesOf, watch } from './probe.ts'
import { encodeRequest } from './request.ts'
import type { Bounds, HoldAttack, IdleAttack, RepeatAttack } from './row.ts'
import { askOnce } from './try-request.ts'

/** Requests after which the heap has reached its normal size. */
const WARM_UP = 10

/** Sends requests in sequence; the memory that they leave must not accumulate. */
export async function tryRepeat(
  { make, bytes, times, grows }: RepeatAttack,
  bounds: Bounds,
  gateway: AttackedGateway,
  form: Form,
): Promise<Finding> {
  const { port, members } = gateway
  const stop = watch(gateway, form)
  const statuses: number[] = []
  let before = NaN
  for (let number = 0; number < countOf(times, form); number++) {
    const request = encodeRequest(make(countOf(bytes, form), number), port)
    const { status } = await askOnce(port, request, TIMEOUT[form])
    statuses.push(status)
    if (number + 1 === WARM_UP) before = memoryOf(members)
  }
  await sleep(500)
  const grown = memoryOf(members) - before
  const { health, memory } = stop()
  return {
    problems: [
      ...problemIf(grown > grows, `grew by ${Math.round(grown)} MiB`),
      ...problemIf(statuses.some((status) => status === 0 || status >= 500), 'errors'),
      ...problemIf(health > bounds.health, `/health took ${Math.round(health)} ms`),
    ],
    measures: { statuses: tally(statuses), health, memory },
  }
}

/** Holds many requests open and sends requests of another client concurrently. */
export async function tryHold(
  attack: HoldAttack,
  bounds: Bounds,
  gateway: AttackedGateway,
  form: Form,
): Promise<Finding> {
  const { statuses: right, minCounts = {}, otherClient } = attack
  // Created in advance, because this process cannot watch the gateway while it creates it.
  const request = encodeRequest(attack.make(countOf(attack.bytes, form)), gateway.port)
  const stop = watch(gateway, form)
  const held = holdAll(attack, request, gateway, form)
  await sleep(Math.min(1_500, countOf(attack.holdMs, form) / 2))
  const other = otherClient &&
    await askOnce(gateway.port, encodeRequest(otherClient.request, gateway.port), 10_000)
  const statuses = await held
  const { health, memory } = stop()
  const wrong = statuses.filter((status) => !right.includes(status))
  const counts = tally(statuses)
  return {
    problems: [
      ...problemIf(wrong.length > 0, `${wrong.length} times ${wrong[0]}`),
      ...Object.entries(minCounts).flatMap(([status, count]) =>
        problemIf((counts[status] ?? 0) < count, `${counts[status] ?? 0} times ${status}`)
      ),
      ...problemIf(
        other !== undefined && otherClient?.status.includes(other.status) === false,
        `another client: ${other?.status} ${brief(other?.body ?? '')}`,
      ),
      ...problemIf(health > bounds.health, `/health took ${Math.round(health)} ms`),
      ...problemIf(memory > bounds.memory, `${Math.round(memory)} MiB`),
    ],
    measures: { statuses: counts, health, memory },
  }
}

async function holdAll(
  { times, holdMs, how }: HoldAttack,
  request: Buffer,
  { port, sink }: AttackedGateway,
  form: Form,
): Promise<readonly number[]> {
  const requests = Array.from({ length: countOf(times, form) }, () => request)
  const hold = countOf(holdMs, form)
  switch (how) {
    case 'slow-upstream': {
      sink?.delay(hold)
      const replies = await Promise.all(requests.map((one) => askOnce(port, one, hold + 60_000)))
      sink?.delay(0)
      return replies.map(({ status }) => status)
    }
    case 'slow-body':
      return await Promise.all(requests.map((one) => dripBody(port, one, hold)))
    case 'open-stream':
      return await openStreams(requests, port, hold)
  }
}

/** Sends a request whose last bytes follow one by one; resolves with the status, 0 without an answer. */
async function dripBody(port: number, request: Buffer, hold: number): Promise<number> {
  const until = performance.now() + hold
  const client = new StatusReader(port)
  let at = request.length - 100
  client.socket.write(request.subarray(0, at))
  while (performance.now() < until && !client.socket.destroyed && client.status === 0) {
    await sleep(500)
    if (at < request.length - 1) client.socket.write(request.subarray(at, ++at))
  }
  client.socket.destroy()
  return client.status
}

/** Opens streams in sequence and keeps all of them open for some time. */
async function openStreams(
  requests: readonly Buffer[],
  port: number,
  hold: number,
): Promise<readonly number[]> {
  const clients: StatusReader[] = []
  for (const request of requests) {
    const client = new StatusReader(port)
    clients.push(client)
    client.socket.write(request)
    await Promise.race([client.answered, sleep(10_000)])
  }
  await sleep(hold)
  for (const { socket } of clients) socket.destroy()
  return clients.map(({ status }) => status)
}

/** A connection that reads only the status of the answer. */
class StatusReader {
  readonly socket: Socket
  readonly answered: Promise<void>
  status = 0

  constructor(port: number) {
    this.socket = connect({ port, host: '127.0.0.1', noDelay: true })
    this.answered = new Promise((resolve) => {
      this.socket.on('error', () => {}).once('close', () => resolve())
      this.socket.on('data', (bytes: Buffer) => {
        if (this.status === 0) this.status = Number(bytes.toString('latin1', 9, 12))
        resolve()
      })
    })
  }
}

/** Opens idle connections and counts those that the gateway has not closed. */
export async function tryIdle(
  { connections, sends, closesWithin, handles }: IdleAttack,
  bounds: Bounds,
  gateway: AttackedGateway,
  form: Form,
): Promise<Finding> {
  const { members, port } = gateway
  const stop = watch(gateway, form)
  if (handles !== undefined) await limitHandles(members, handlesOf(members) + handles)
  const sockets = Array.from({ length: countOf(connections, form) }, () => {
    const socket = connect({ port, host: '127.0.0.1' })
    socket.on('error', () => {}).resume()
    if (sends !== '') socket.write(sends.replaceAll('PORT', String(port)))
    return socket
  })
  const isOpen = () => sockets.filter(({ closed }) => !closed)
  const began = performance.now()
  await sleep(2_000)
  while (closesWithin !== undefined && isOpen().length > 0) {
    if (performance.now() - began > closesWithin) break
    await sleep(250)
  }
  const open = closesWithin === undefined ? 0 : isOpen().length
  const took = performance.now() - began
  for (const socket of sockets) socket.destroy()
  const { health, memory } = stop()
  const isLimited = handles !== undefined
  return {
    problems: [
      ...problemIf(open > 0, `${open} of ${sockets.length} connections are still open`),
      // Without free handles the probe cannot connect either, so its measurement is not used.
      ...problemIf(!isLimited && health > bounds.health, `/health took ${health} ms`),
    ],
    measures: {
      memory,
      ...(!isLimited && { health: health }),
      ...(closesWithin !== undefined && open === 0 && { release: took }),
    },
  }
}

async function limitHandles(pids: readonly number[], max: number): Promise<void> {
  for (const pid of pids) {
    await promisify(execFile)('prlimit', ['--pid', String(pid), `--nofile=${max}:${max}`])
  }
}
