/**
 * Three gateways behind a load balancer, with Postgres and Redis, which are killed in turn:
 *
 *   npm run test:cluster
 */
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import process from 'node:process'
import { after, before, describe, it } from 'node:test'
import { missingEngine } from '../store/engines.ts'
import { chat, isSuccess, type Reply, send } from './client.ts'
import { STORED_KEY_TTL } from '../../src/access/stored-keys.ts'
import { ADMIN_KEY, type Cluster, GATEWAYS, startCluster } from './instances.ts'
import { untilQuiet } from './quiet.ts'

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

it('a cluster that cannot start leaves no process', { skip }, async () => {
  const children = () => readFile(`/proc/self/task/${process.pid}/children`, 'utf8')
  const before = await children()
  await assert.rejects(startCluster(0, { GATEWAY_CONFIG: '{' }), /Cannot start the gateway/)
  assert.equal(await children(), before)
})

describe('a cluster of three gateways', { skip }, () => {
  let cluster: Cluster | undefined
  const opened = (): Cluster => {
    assert.ok(cluster)
    return cluster
  }
  const ask = (call: Parameters<typeof send>[1]) => send(opened().port, call)
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
    cluster = await startCluster(EVENT_DELAY)
  })
  after(() => cluster?.close())

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
    for (let index = 0; index < GATEWAYS; index++) {
      const ended = await opened().restart(index)
      assert.equal(await ended.exited, 0, ended.output())
    }
    const replies = await load.stop()
    const failed = replies.filter((reply) => !isSuccess(reply))
    t.diagnostic(`${replies.length} streams during ${GATEWAYS} restarts, ${failed.length} failed`)
    assert.deepEqual(failed, [])
    await untilQuiet(opened())
    assert.equal((await usageOf('rolling'))?.requests, replies.length)
  })

  it('exceeds no budget when a gateway is killed within streams', async (t) => {
    const key = await create({ name: 'killed', budget: '6000tokens/total' })
    const calls = opened().oci.seen.length
    const { promise: began, resolve } = Promise.withResolvers<void>()
    const streams = Array.from(
      { length: 12 },
      () => ask({ ...chat(key, { stream: true }), onFirstByte: resolve }),
    )
    // Without a first byte there is nothing to wait for, and the checks below say what is wrong.
    await Promise.race([began, Promise.all(streams)])
    const restarted = opened().kill(0)
    const cut = (await Promise.all(streams)).filter((reply) => !isSuccess(reply)).length
    let last: Reply
    do last = await ask(chat(key))
    while (last.status === 200)
    assert.deepEqual([last.status, codeOf(last)], [429, 'insufficient_quota'])
    await restarted
    await untilQuiet(opened())
    const { budget } = await admin('/keys/killed') as {
      budget: { limit: number; spent: number; reserved: number }
    }
    const usage = await usageOf('killed')
    const asked = opened().oci.seen.length - calls
    t.diagnostic(
      `${cut} streams cut, ${asked} calls, ${usage?.requests} rows, ` +
        `${JSON.stringify(budget)}`,
    )
    assert.ok(budget.spent + budget.reserved <= budget.limit)
    assert.equal(usage && usage.promptTokens + usage.completionTokens, budget.spent)
    assert.ok(usage && usage.requests <= asked)
  })

  it('continues responses at every gateway, also after each of them was killed', async () => {
    const [ann, bob] = [await create({ name: 'ann' }), await create({ name: 'bob' })]
    const respond = (key: string, more: object) =>
      ask({ path: '/v1/responses', key, body: { model: 'xai.grok-4.3', input: 'Hello', ...more } })
    const read = (key: string, id: string) =>
      ask({ method: 'GET', path: `/v1/responses/${id}`, key })
    const streams = await Promise.all(
      Array.from({ length: 2 * GATEWAYS }, () => respond(ann, { stream: true })),
    )
    const ids = streams.map(({ text }) => /"id":"(resp_gw\w+)"/.exec(text)?.[1] ?? '')
    assert.equal(new Set(ids).size, 2 * GATEWAYS)
    const check = async () => {
      for (const id of ids) {
        assert.equal((await read(ann, id)).status, 200)
        assert.equal((await read(bob, id)).status, 404)
        assert.equal((await respond(ann, { previous_response_id: id })).status, 200)
        assert.equal((await respond(bob, { previous_response_id: id })).status, 400)
      }
    }
    await check()
    await Promise.all(Array.from({ length: GATEWAYS }, (_, index) => opened().kill(index)))
    await check()
  })

  for (const name of ['Redis', 'Postgres'] as const) {
    it(`rejects keys with a budget while ${name} is down, serves others, charges once`, async (t) => {
      const { redis, postgres } = opened()
      const engine = name === 'Redis' ? redis : postgres
      const [open, closed] = [
        await create({ name: `open ${name}` }),
        await create({ name: `closed ${name}`, budget: '1000000tokens/total' }),
      ]
      // Each gateway must have seen the keys.
      const first = await recover(() => ask(chat(open)))
      const known = await recover(() => ask(chat(closed)))
      const load = startLoad(() => ask(chat(open)), 4)
      t.after(() => load.stop())
      await engine.end()
      // While a gateway has read the key recently, Redis alone bounds what the key may spend.
      const last = await repeatFor(STORED_KEY_TTL, () => ask(chat(closed)))
      const during = await Promise.all(Array.from({ length: 9 }, () => ask(chat(closed))))
      assert.deepEqual(countStatuses(during), { 503: 9 })
      assert.deepEqual(new Set(during.map(codeOf)), new Set(['store_unavailable']))
      await engine.restart()
      const again = await recover(() => ask(chat(closed)))
      const replies = await load.stop()
      const served = first.successes + replies.filter(isSuccess).length
      const accepted = known.successes + last.successes + again.successes
      await untilQuiet(opened())
      t.diagnostic(
        `${name}: ${served - first.successes} of ${replies.length} requests without a budget ` +
          `served; ${last.successes} with a budget served at first; ` +
          `answers again after ${Math.round(again.ms)} ms`,
      )
      assert.deepEqual(replies.filter((reply) => !isSuccess(reply)), [])
      assert.equal((await usageOf(`open ${name}`))?.requests, served)
      assert.equal((await usageOf(`closed ${name}`))?.requests, accepted)
    })
  }
})

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

/** Repeats a request for a time. Each answer is a success, or rejects the request with 503. */
async function repeatFor(
  ms: number,
  request: () => Promise<Reply>,
): Promise<{ successes: number }> {
  let successes = 0
  for (const end = performance.now() + ms; performance.now() < end;) {
    const reply = await request()
    if (isSuccess(reply)) successes++
    else assert.deepEqual([reply.status, codeOf(reply)], [503, 'store_unavailable'])
  }
  return { successes }
}

/** Repeats a request until it succeeds at each gateway. */
async function recover(
  request: () => Promise<Reply>,
): Promise<{ ms: number; successes: number }> {
  const began = performance.now()
  let successes = 0
  let inSequence = 0
  while (inSequence < 2 * GATEWAYS) {
    if (performance.now() - began > RECOVERY) throw new Error('The store is not used again')
    const isServed = isSuccess(await request())
    if (isServed) successes++
    inSequence = isServed ? inSequence + 1 : 0
  }
  return { ms: performance.now() - began, successes }
}
