import { readdirSync } from 'node:fs'
import { membersOf } from '../../bench/processes.ts'
import { memoryOf } from '../faults/gateways.ts'
import { sleep } from '../faults/upstream.ts'
import { healthRequest } from '../reliability/chat.ts'
import { createClient } from '../reliability/client.ts'
import { quantile } from '../reliability/figures.ts'
import type { AttackedGateway } from './gateway.ts'
import { encodeRequest, ordinaryChat } from './request.ts'

/** What was seen of the process while a row went on. Times are milliseconds. */
export interface Watched {
  /** Latency of `/health`, which is the delay of the event loop and little more. */
  health: { most: number; p99: number }
  /** MiB at the peak. */
  memory: number
}

const HEALTH_EVERY = 25
const MEMORY_EVERY = 50

/** Watches a gateway until the function that it returns is called. */
export function watch({ port, target }: AttackedGateway): () => Watched {
  const latencies: number[] = []
  let pendingSince: number | undefined
  let isOver = false
  let memory = memoryOf(target.pid)
  const timer = setInterval(() => memory = Math.max(memory, memoryOf(target.pid)), MEMORY_EVERY)
  const poll = async () => {
    const client = createClient(port)
    while (!isOver) {
      pendingSince = performance.now()
      const { status, took } = await client.ask(healthRequest(port), { patience: 60_000 })
      if (!isOver) latencies.push(status === 200 ? took : Infinity)
      pendingSince = undefined
      await sleep(Math.max(1, HEALTH_EVERY - took))
    }
    client.close()
  }
  void poll()
  return () => {
    isOver = true
    clearInterval(timer)
    if (pendingSince !== undefined) latencies.push(performance.now() - pendingSince)
    return {
      health: { most: Math.max(0, ...latencies), p99: quantile(latencies, 0.99) },
      memory: Math.max(memory, memoryOf(target.pid)),
    }
  }
}

/** File handles of all processes of a group; not a number where there is no /proc. */
export function handlesOf(group: number): number {
  try {
    return membersOf(group).reduce((sum, pid) => sum + readdirSync(`/proc/${pid}/fd`).length, 0)
  } catch {
    return NaN
  }
}

/** Handles that are not connections to the upstream, which are kept for later requests. */
export function ownHandles(gateway: AttackedGateway): number {
  return handlesOf(gateway.target.pid) - gateway.connections()
}

/** Places in use, or `undefined` where the gateway does not say. */
export async function activeRequests({ port }: AttackedGateway): Promise<number | undefined> {
  const client = createClient(port)
  const request = encodeRequest({ path: '/readyz?verbose' }, port)
  const { status, body } = await client.ask(request, { patience: 2_000 })
  client.close()
  if (status !== 200) return undefined
  const { requests } = JSON.parse(body) as { requests?: { active?: number } }
  return requests?.active
}

/** Milliseconds until all places are free; endless when they are not, `undefined` when unknown. */
export async function timeToRelease(
  gateway: AttackedGateway,
  patience: number,
): Promise<number | undefined> {
  const began = performance.now()
  for (;;) {
    const active = await activeRequests(gateway)
    if (active === undefined) return undefined
    if (active === 0) return performance.now() - began
    if (performance.now() - began > patience) return Infinity
    await sleep(20)
  }
}

/** The status of an ordinary client's request. */
export async function statusOfOrdinary({ port }: AttackedGateway): Promise<number> {
  const client = createClient(port)
  const { status } = await client.ask(encodeRequest(ordinaryChat(), port), { patience: 10_000 })
  client.close()
  return status
}

/** Whether the gateway answers at all, soon. */
export async function isAlive({ port }: AttackedGateway): Promise<boolean> {
  const client = createClient(port)
  const { status } = await client.ask(healthRequest(port), { patience: 2_000 })
  client.close()
  return status === 200
}
