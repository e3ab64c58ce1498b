import { connect, type Socket } from 'node:net'
import process from 'node:process'
import { sleep } from '../faults/upstream.ts'
import { countOf, type Form } from './form.ts'
import type { AttackedGateway } from './gateway.ts'
import { type Finding, problemIf } from './outcome.ts'
import { statusOfOrdinary, timeToRelease, watch } from './probe.ts'
import { createRandom, pick } from './random.ts'
import { encodeRequest } from './request.ts'
import type { AbandonAttack, Bounds, Moment } from './row.ts'

/** The longest wait of a client before it disconnects, in milliseconds. */
const MOST_LATER = 80
const MOST_ANSWER = 200

/** Clients disconnect at random moments; then all permits must be free, and SIGTERM must end the process. */
export async function tryAbandon(
  attack: AbandonAttack,
  bounds: Bounds,
  gateway: AttackedGateway,
  form: Form,
): Promise<Finding> {
  const { upstream, target } = gateway
  if (!upstream) throw new Error('Cannot script the answers of this gateway')
  const usual = upstream.choose
  let calls = 0
  upstream.choose = (exchange) => attack.upstream(exchange, calls++)
  const stop = watch(gateway, form)
  await leaveAll(attack, gateway.port, countOf(attack.times, form))
  const { health, memory } = stop()
  const release = await timeToRelease(gateway, bounds.release)
  upstream.choose = usual
  const status = await statusOfOrdinary(gateway)
  const end = target.runtime === 'workers' ? undefined : await timeToEnd(gateway)
  return {
    problems: [
      ...problemIf(status !== 200, `an ordinary chat afterwards: ${status}`),
      ...problemIf((release ?? 0) > bounds.release, 'permits are still in use'),
      ...problemIf((end ?? 0) > bounds.end, `SIGTERM: ${(end ?? 0) / 1000} s`),
      ...problemIf(health > bounds.health, `/health took ${Math.round(health)} ms`),
      ...problemIf(memory > bounds.memory, `${Math.round(memory)} MiB`),
    ],
    measures: {
      health,
      memory,
      ...(release !== undefined && { release }),
      ...(end !== undefined && { end }),
    },
  }
}

/** Milliseconds from SIGTERM to the end of the process; `Infinity` if it does not end in time. */
async function timeToEnd({ target }: AttackedGateway): Promise<number> {
  const began = performance.now()
  try {
    process.kill(target.pid, 'SIGTERM')
  } catch {
    throw new Error(`The gateway has ended before SIGTERM: ${target.output().slice(-2_000)}`)
  }
  const isOver = await Promise.race([target.exited.then(() => true), sleep(25_000)])
  return isOver ? performance.now() - began : Infinity
}

async function leaveAll(
  { requests, moments, parallel }: AbandonAttack,
  port: number,
  times: number,
): Promise<void> {
  const random = createRandom(1)
  const encoded = requests.map((request) => encodeRequest(request, port))
  let begun = 0
  const lane = async () => {
    while (begun++ < times) {
      const moment = pick(moments, random)
      await leaveOnce(port, pick(encoded, random), moment, random() * MOST_LATER, random() < 0.5)
    }
  }
  await Promise.all(Array.from({ length: parallel }, lane))
}

async function leaveOnce(
  port: number,
  request: Buffer,
  moment: Moment,
  later: number,
  byReset: boolean,
): Promise<void> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  socket.on('error', () => {})
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  const isOpen = await Promise.race([
    new Promise<boolean>((resolve) => socket.once('connect', () => resolve(true))),
    closed.then(() => false),
  ])
  if (isOpen) await waitFor(moment, socket, request, later)
  if (byReset) socket.resetAndDestroy()
  else socket.destroy()
  await closed
}

async function waitFor(
  moment: Moment,
  socket: Socket,
  request: Buffer,
  later: number,
): Promise<void> {
  const answered = new Promise<void>((resolve) => {
    socket.once('data', () => resolve()).once('close', () => resolve())
  })
  const part = moment === 'half' ? request.subarray(0, request.length / 2) : request
  await new Promise<void>((resolve) => socket.write(part, () => resolve()))
  switch (moment) {
    case 'half':
    case 'later':
      return await sleep(later)
    case 'sent':
      return
    case 'answered':
      return await Promise.race([answered, sleep(MOST_ANSWER)])
  }
}
