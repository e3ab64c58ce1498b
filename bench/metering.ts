/**
 * Measures what a store costs a whole request: authentication, reservation, settlement and ledger.
 *
 *   node bench/metering.ts [--rounds 12] [--requests 200] [--only sqlite]
 *
 * Each round sends the same chats through a gateway without a store and through gateways with each
 * store, in alternating order; differences are between neighbours of one round. OCI answers at once,
 * in this process, so that a request is the gateway's own work and one signature. The key and its team
 * have six limits: requests, tokens and a budget each. Redis runs in a process of its own, whose CPU
 * time is not counted.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { createKeyId, createKeySecret, hashKey } from '../src/access/create-key.ts'
import { newKeyRecord } from '../src/access/key-settings.ts'
import { type Gateway, openGateway } from '../src/entry/gateway.ts'
import { sha256 } from '../src/entry/native-hash.ts'
import { openStore } from '../src/entry/open-store.ts'
import type { Store } from '../src/store/store.ts'
import { IDENTITY } from '../test/cases/gateway.ts'
import { missingEngine, startRedis } from '../test/store/engines.ts'
import { answerOf, KEY, sendChat } from './in-process.ts'

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '12' },
    requests: { type: 'string', default: '200' },
    only: { type: 'string', default: '' },
  },
})
const ROUNDS = Number(options.rounds)
const REQUESTS = Number(options.requests)
const LIMIT = 1e9
/** Requests at the same time, in the measurement of CPU time under load. */
const LANES = 16

/** A gateway that is measured. */
interface Subject {
  name: string
  gateway: Gateway
  key: string
  /** One for each round. */
  outcomes: Outcome[]
}

interface Outcome {
  /** Microseconds: the median of one request after another. */
  latency: number
  /** Microseconds of CPU time for each request, one after another and at the same time. */
  cpu: number
  busyCpu: number
}

const folder = await mkdtemp(join(tmpdir(), 'metering-'))
const redis = await missingEngine('redis-server') ? undefined : await startRedis()
const subjects = [await open('none'), ...await openAll()]
for (const subject of subjects) await run(subject, REQUESTS * 2)
for (let round = 0; round < ROUNDS; round++) {
  const order = round % 2 === 0 ? subjects : subjects.toReversed()
  for (const subject of order) subject.outcomes.push(await run(subject, REQUESTS))
}
report()
for (const { gateway } of subjects) await gateway.close()
await redis?.stop()
await rm(folder, { recursive: true, force: true })

async function openAll(): Promise<Subject[]> {
  const file = (name: string) => `sqlite:${join(folder, name)}`
  const stores: [name: string, open: () => Promise<Store>][] = [
    ['memory', () => openStore('memory:')],
    ['sqlite', () => openStore(file('alone.db'))],
  ]
  if (redis) stores.push(['redis', () => openStore(file('rest.db'), redis.url)])
  else process.stdout.write('redis skipped: redis-server is not installed\n')
  const chosen = stores.filter(([name]) => name.includes(options.only))
  const opened: Subject[] = []
  for (const [name, openOne] of chosen) opened.push(await open(name, await openOne()))
  return opened
}

async function open(name: string, store?: Store): Promise<Subject> {
  const gateway = await openGateway({
    env: { ...IDENTITY, ...(!store && { GATEWAY_API_KEYS: KEY }) },
    files: undefined,
    fetch: () => Promise.resolve(answerOf()),
    sha256,
    ...(store && { store }),
  })
  const key = store ? await createKey(store) : KEY
  return { name, gateway, key, outcomes: [] }
}

async function createKey(store: Store): Promise<string> {
  const text = createKeySecret()
  const now = Date.now()
  const limits = { rpm: LIMIT, tpm: LIMIT, budget: '1000000/month' }
  const settings = { name: 'bench', team: 'bench', ...limits }
  const record = newKeyRecord(settings, { id: createKeyId(), hash: await hashKey(text), now })
  const change = { time: now, actor: 'bench', action: 'create', target: 'bench', detail: '' }
  await store.createKey(record, change)
  await store.putTeam({ name: 'bench', limits: record.limits, createdAt: now }, change)
  return text
}

async function run(subject: Subject, requests: number): Promise<Outcome> {
  const times: number[] = []
  const cpu = await cpuOf(subject, requests, async () => {
    for (let index = 0; index < requests; index++) {
      const startedAt = performance.now()
      await sendChat(subject.gateway, subject.key, index)
      times.push((performance.now() - startedAt) * 1000)
    }
  })
  const busyCpu = await cpuOf(subject, requests, async () => {
    const lane = async (first: number) => {
      for (let index = first; index < requests; index += LANES) {
        await sendChat(subject.gateway, subject.key, index)
      }
    }
    await Promise.all(Array.from({ length: LANES }, (_, first) => lane(first)))
  })
  return { latency: median(times), cpu, busyCpu }
}

/** Microseconds of CPU time for each request, until all are settled. */
async function cpuOf(
  { gateway }: Subject,
  requests: number,
  work: () => Promise<void>,
): Promise<number> {
  const before = process.cpuUsage()
  await work()
  await gateway.stored?.metering.flush()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / requests
}

/** Medians, and the median, lowest and highest difference from the gateway without a store. */
function report(): void {
  const [none] = subjects
  for (const { name, outcomes } of subjects) {
    const figures = (['latency', 'cpu', 'busyCpu'] as const).map((member) => {
      const all = outcomes.map((outcome) => outcome[member])
      const added = outcomes.map((outcome, at) => outcome[member] - none!.outcomes[at]![member])
      const range = `${median(added).toFixed(0)} [${Math.min(...added).toFixed(0)} to ${
        Math.max(...added).toFixed(0)
      }]`
      return `${member} ${median(all).toFixed(0)} µs${name === 'none' ? '' : `, added ${range}`}`
    })
    process.stdout.write(`${name.padEnd(7)} ${figures.join('; ')}\n`)
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}
