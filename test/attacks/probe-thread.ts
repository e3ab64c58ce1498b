import { setTimeout as sleep } from 'node:timers/promises'
import { parentPort } from 'node:worker_threads'
import { countCpu } from '../../bench/processes.ts'
import { healthRequest } from '../reliability/chat.ts'
import { createClient } from '../reliability/client.ts'
import { busyPart, memoryOf, now, type ProbeOrder, SLOTS } from './probe-order.ts'

const MEMORY_EVERY = 50

const ended = new Set<number>()

parentPort?.on('message', (order: ProbeOrder) => {
  if (order.type === 'end') ended.add(order.id)
  else void Promise.all([pollHealth(order), pollMemory(order)])
})

type Start = Extract<ProbeOrder, { type: 'start' }>

async function pollHealth({ id, port, members, seen, healthEvery }: Start): Promise<void> {
  const client = createClient(port)
  while (!ended.has(id)) {
    const usedCpu = countCpu(members)
    seen[SLOTS.pendingSince] = now()
    const { status, took } = await client.ask(healthRequest(port), { patience: 60_000 })
    seen[SLOTS.pendingSince] = 0
    if (ended.has(id)) break
    const wait = status === 200 ? took : Infinity
    raise(seen, SLOTS.health, wait)
    raise(seen, SLOTS.busy, status === 200 ? busyPart(wait, usedCpu()) : Infinity)
    await sleep(Math.max(1, healthEvery - took))
  }
  client.close()
}

function raise(seen: Float64Array, slot: number, value: number): void {
  seen[slot] = Math.max(seen[slot] ?? 0, value)
}

async function pollMemory({ id, members, seen, healthEvery }: Start): Promise<void> {
  while (!ended.has(id)) {
    raise(seen, SLOTS.memory, memoryOf(members))
    await sleep(Math.max(MEMORY_EVERY, healthEvery))
  }
}
