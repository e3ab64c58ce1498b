import { readdirSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { sleep } from '../faults/upstream.ts'
import { healthRequest } from '../reliability/chat.ts'
import { createClient } from '../reliability/client.ts'
import type { Form } from './form.ts'
import type { AttackedGateway } from './gateway.ts'
import { memoryOf, now, type ProbeOrder, SLOTS } from './probe-order.ts'
import { encodeRequest, ordinaryChat } from './request.ts'

/** Measurements of the process during a row; times in milliseconds. */
export interface Watched {
  /**
   * The longest wait for `/health`, which is mostly the delay of the event loop. In the short form,
   * which runs on busy machines, the gateway's processor time within that wait.
   */
  health: number
  /** Peak memory in MiB. */
  memory: number
}

/** Milliseconds between two polls of `/health`; the bound of the short form is in seconds. */
const HEALTH_EVERY: Readonly<Record<Form, number>> = { full: 25, short: 100 }

let thread: Worker | undefined
let watches = 0

/**
 * Watches a gateway until the returned function is called. A separate thread does so, because work of
 * this thread would count as delay of the gateway.
 */
export function watch({ port, members }: AttackedGateway, form: Form): () => Watched {
  const seen = new Float64Array(
    new SharedArrayBuffer(Object.keys(SLOTS).length * Float64Array.BYTES_PER_ELEMENT),
  )
  const id = watches++
  give({ type: 'start', id, port, members, seen, healthEvery: HEALTH_EVERY[form] })
  return () => {
    give({ type: 'end', id })
    const pendingSince = seen[SLOTS.pendingSince] ?? 0
    const pending = pendingSince === 0 || form === 'short' ? 0 : now() - pendingSince
    return {
      health: Math.max(seen[form === 'short' ? SLOTS.busy : SLOTS.health] ?? 0, pending),
      memory: Math.max(seen[SLOTS.memory] ?? 0, memoryOf(members)),
    }
  }
}

function give(order: ProbeOrder): void {
  thread ??= new Worker(new URL('probe-thread.ts', import.meta.url))
  thread.unref()
  thread.postMessage(order)
}

/** File handles of processes; `NaN` without /proc. */
export function handlesOf(pids: readonly number[]): number {
  try {
    return pids.reduce((sum, pid) => sum + readdirSync(`/proc/${pid}/fd`).length, 0)
  } catch {
    return NaN
  }
}

/** File handles without the connections to the upstream, which are kept for reuse. */
export function ownHandles(gateway: AttackedGateway): number {
  return handlesOf(gateway.members) - gateway.connections()
}

/** Permits in use, or `undefined` if the gateway does not report them. */
export async function activeRequests({ port }: AttackedGateway): Promise<number | undefined> {
  const client = createClient(port)
  const request = encodeRequest({ path: '/readyz?verbose' }, port)
  const { status, body } = await client.ask(request, { patience: 15_000 })
  client.close()
  if (status !== 200) return undefined
  const { requests } = JSON.parse(body) as { requests?: { active?: number } }
  return requests?.active
}

/** Milliseconds until all permits are free; `Infinity` if they stay in use, `undefined` if unknown. */
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

/** The status of the answer to an ordinary request. */
export async function statusOfOrdinary({ port }: AttackedGateway): Promise<number> {
  const client = createClient(port)
  const { status } = await client.ask(encodeRequest(ordinaryChat(), port), { patience: 60_000 })
  client.close()
  return status
}

/** Milliseconds until a gateway must have recovered from an attack. */
const RECOVERY = 15_000

/**
 * Whether the gateway answers a new connection. It may refuse some until the connections of an
 * attack are closed, for example while it has no free file handles.
 */
export async function isAlive({ port }: AttackedGateway): Promise<boolean> {
  const until = performance.now() + RECOVERY
  do {
    const client = createClient(port)
    const { status } = await client.ask(healthRequest(port), { patience: RECOVERY })
    client.close()
    if (status === 200) return true
    await sleep(100)
  } while (performance.now() < until)
  return false
}
