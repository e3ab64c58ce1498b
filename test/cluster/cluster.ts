/**
 * Three gateways behind a load balancer, with Postgres and Redis, which are killed in turn:
 *
 *   npm run test:cluster
 */
import assert from 'node:assert/strict'
import process from 'node:process'
import { after, before, describe, it } from 'node:test'
import { type FakeOci, startOci } from '../runtimes/oci.ts'
import { startGateway, type Target } from '../runtimes/start.ts'
import { type Engine, missingEngine, startPostgres, startRedis } from '../store/engines.ts'
import { type Balancer, startBalancer } from './balancer.ts'
import { chat, isSuccess, type Reply, send } from './client.ts'

const ADMIN_KEY = 'administration-key'
const GATEWAYS = 3
/** Milliseconds between the events of a stream, so that signals arrive in its middle. */
const EVENT_DELAY = 20
/** Milliseconds until a gateway must have noticed that an engine answers again. */
const RECOVERY = 60_000

const skip = await missingEngine('redis-server') || await missingEngine('postgres')

interface Usage {
  key: string
  requests: number
  promptTokens: number
  completionTokens: number
}

describe('a cluster of three gateways', { skip }, () => {
  let [postgres, redis, oci, balancer]: [Engine?, Engine?, FakeOci?, Balancer?] = []
  const gateways: Target[] = []

  const start = async () => {
    assert.ok(postgres && redis && oci)
    return await startGateway('node', oci, {
      GATEWAY_STORE: postgres.url,
      GATEWAY_COUNTERS: redis.url,
      GATEWAY_ADMIN_KEY: ADMIN_KEY,
      GATEWAY_API_KEYS: '',
    })
  }
  const ask = (call: Parameters<typeof send>[1]) => send(balancer?.port ?? 0, call)
  const admin = async (path: string, body?: object) => {
    const method = body ? 'POST' : 'GET'
    const reply = await ask({
      path: `/admin/v1${path}`,
      key: ADMIN_KEY,
      method,
      ...body && { body },
    })
    assert.ok(reply.status < 300, reply.text)
    return JSON.parse(reply.text)
  }
  const create = async (settings: object): Promise<string> =>
    (await admin('/keys', settings) as { key: string }).key
  const usageOf = async (name: string): Promise<Usage | undefined> =>
    (await admin('/usage?by=key') as Usage[]).find(({ key }) => key === name)

  before(async () => {
    ;[postgres, redis, oci] = await Promise.all([
      ...[startPostgres(), startRedis()] as const,
      startOci(EVENT_DELAY),
    ])
    balancer = await startBalancer()
    // One after the other: the first one creates the tables.
    for (let count = 0; count < GATEWAYS; count++) gateways.push(await start())
    for (const gateway of gateways) balancer.add(portOf(gateway))
  })
  after(async () => {
    await Promise.all(gateways.map((gateway) => gateway.stop()))
    balancer?.close()
    oci?.stop()
    await Promise.all([postgres?.stop(), redis?.stop()])
  })

  it('shares keys and their rates', async (t) => {
    const key = await create({ name: 'rated', rpm: 10 })
    const began = performance.now()
    const replies = await Promise.all(Array.from({ length: 30 }, () => ask(chat(key))))
    const minutes = 1 + Math.floor((performance.now() - began) / 60_000)
    const counts = countStatuses(replies)
    t.diagnostic(`30 requests at 10 per minute: ${JSON.stringify(counts)}`)
    assert.ok((counts[200] ?? 0) >= 10 && (counts[200] ?? 0) <= 10 * minutes)
    assert.equal((counts[200] ?? 0) + (counts[429] ?? 0), 30)
  })

  it('restarts one gateway after the other without a failed request', async (t) => {
    const key = await create({ name: 'rolling' })
    const load = startLoad(() => ask(chat(key, { stream: true })), 8)
    t.after(() => load.stop())
    for (const gateway of [...gateways]) {
      balancer?.remove(portOf(gateway))
      process.kill(gateway.pid, 'SIGTERM')
      assert.equal(await gateway.exited, 0, gateway.output())
      await gateway.stop()
      const successor = await start()
      gateways.splice(gateways.indexOf(gateway), 1, successor)
      balancer?.add(portOf(successor))
    }
    const replies = await load.stop()
    const failed = replies.filter((reply) => !isSuccess(reply))
    t.diagnostic(`${replies.length} streams during ${GATEWAYS} restarts, ${failed.length} failed`)
    assert.deepEqual(failed, [])
    assert.equal((await usageOf('rolling'))?.requests, replies.length)
  })

  it('exceeds no budget when a gateway is killed within streams', async (t) => {
    const key = await create({ name: 'killed', budget: '6000tokens/total' })
    const calls = oci?.seen.length ?? 0
    const { promise: began, resolve } = Promise.withResolvers<void>()
    const streams = Array.from(
      { length: 12 },
      () => ask({ ...chat(key, { stream: true }), onFirstByte: resolve }),
    )
    await began
    const [victim] = gateways
    assert.ok(victim)
    process.kill(victim.pid, 'SIGKILL')
    balancer?.remove(portOf(victim))
    const cut = (await Promise.all(streams)).filter((reply) => !isSuccess(reply)).length
    let last: Reply
    do last = await ask(chat(key))
    while (last.status === 200)
    assert.deepEqual([last.status, codeOf(last)], [429, 'insufficient_quota'])
    const { budget } = await admin('/keys/killed') as {
      budget: { limit: number; spent: number; reserved: number }
    }
    const usage = await usageOf('killed')
    const asked = (oci?.seen.length ?? 0) - calls
    t.diagnostic(
      `${cut} streams cut, ${asked} calls, ${usage?.requests} rows, ` +
        `${JSON.stringify(budget)}`,
    )
    assert.ok(budget.spent + budget.reserved <= budget.limit)
    assert.equal(usage && usage.promptTokens + usage.completionTokens, budget.spent)
    assert.ok(usage && usage.requests <= asked)
    gateways.splice(0, 1, await start())
    for (const gateway of gateways.slice(0, 1)) balancer?.add(portOf(gateway))
  })

  for (const name of ['Redis', 'Postgres'] as const) {
    it(`rejects keys with a budget while ${name} is down, serves others, charges once`, async (t) => {
      const engine = name === 'Redis' ? redis : postgres
      const [open, closed] = [
        await create({ name: `open ${name}` }),
        await create({ name: `closed ${name}`, budget: '1000000tokens/total' }),
      ]
      // Each gateway must have seen the keys.
      for (const key of [open, closed]) await recover(() => ask(chat(key)))
      const before = (await usageOf(`open ${name}`))?.requests ?? 0
      const load = startLoad(() => ask(chat(open)), 4)
      t.after(() => load.stop())
      await engine?.end()
      const during = await Promise.all(Array.from({ length: 9 }, () => ask(chat(closed))))
      assert.deepEqual(countStatuses(during), { 503: 9 })
      assert.deepEqual(new Set(during.map(codeOf)), new Set(['store_unavailable']))
      await engine?.restart()
      const recovery = await recover(() => ask(chat(closed)))
      const replies = await load.stop()
      const served = replies.filter(isSuccess).length
      const usage = await settled(() => usageOf(`open ${name}`), before + served)
      t.diagnostic(
        `${name}: ${served} of ${replies.length} requests without a budget served, ` +
          `${usage?.requests} rows; answers again after ${Math.round(recovery)} ms`,
      )
      assert.equal(served, replies.length)
      assert.equal(usage?.requests, before + served)
    })
  }
})

function portOf({ url }: Target): number {
  return Number(new URL(url).port)
}

function codeOf({ text }: Reply): string {
  return (JSON.parse(text) as { error: { code: string } }).error.code
}

function countStatuses(replies: readonly Reply[]): Record<number, number> {
  const counts: Record<number, number> = {}
  for (const { status } of replies) counts[status] = (counts[status] ?? 0) + 1
  return counts
}

/** Repeats requests, several at a time, until it is stopped. */
function startLoad(request: () => Promise<Reply>, concurrency: number) {
  const replies: Reply[] = []
  let isRunning = true
  const work = async () => {
    while (isRunning) replies.push(await request())
  }
  const workers = Array.from({ length: concurrency }, work)
  return {
    async stop(): Promise<readonly Reply[]> {
      isRunning = false
      await Promise.all(workers)
      return replies
    },
  }
}

/** Milliseconds until requests succeed at each gateway again. */
async function recover(request: () => Promise<Reply>): Promise<number> {
  const began = performance.now()
  let successes = 0
  while (successes < 2 * GATEWAYS) {
    if (performance.now() - began > RECOVERY) throw new Error('The store is not used again')
    successes = (await request()).status === 200 ? successes + 1 : 0
  }
  return performance.now() - began
}

/** The usage once it has a number of requests, or after some time. */
async function settled(
  read: () => Promise<Usage | undefined>,
  requests: number,
): Promise<Usage | undefined> {
  const began = performance.now()
  let usage = await read()
  while ((usage?.requests ?? 0) < requests && performance.now() - began < RECOVERY) {
    usage = await read()
  }
  return usage
}
