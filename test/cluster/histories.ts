import assert from 'node:assert/strict'
import process from 'node:process'
import fc from 'fast-check'
import { createKeyId, createKeySecret, hashKey } from '../../src/access/create-key.ts'
import { newKeyRecord } from '../../src/access/key-settings.ts'
import type { LedgerRow } from '../../src/store/records.ts'
import type { CounterName, Store } from '../../src/store/store.ts'
import {
  callOf,
  type HistoryRequest,
  type Kind,
  KINDS,
  requestsOf,
} from '../keys/history-requests.ts'
import { type Reply, send } from './client.ts'
import { type Cluster, GATEWAYS } from './instances.ts'
import { untilQuiet } from './quiet.ts'

/** When a gateway is killed: once the request is sent, or once the first byte of its answer arrives. */
interface Kill {
  /** Its index, or the gateway that serves the newest request. */
  gateway: number | 'newest'
  at: 'sent' | 'first byte'
}

/** Requests of one key, during some of which a gateway is killed. */
export interface ClusterHistory {
  requests: readonly (HistoryRequest & { kill: Kill | undefined })[]
}

const LIMITS = { key: { tokens: 6_000, rate: 5_000, concurrency: 6 }, team: 9_000 }
/** Milliseconds after which the reservations of killed processes have expired. */
const EXPIRED = 600_000
/** Kinds of which OCI reports the tokens of the whole answer, which the client gets too. */
const EXACT: readonly Kind[] = ['whole', 'choices', 'completions', 'relayed']

const kill: fc.Arbitrary<Kill | undefined> = fc.oneof(
  { weight: 4, arbitrary: fc.constant(undefined) },
  fc.record({
    gateway: fc.oneof(fc.nat(GATEWAYS - 1), fc.constant('newest' as const)),
    at: fc.constantFrom('sent', 'first byte'),
  }),
)

/** Random histories. */
export const clusterHistories: fc.Arbitrary<ClusterHistory> = requestsOf(KINDS, 12)
  .chain((requests) =>
    fc.array(kill, { minLength: requests.length, maxLength: requests.length }).map((kills) => ({
      requests: requests.map((request, index) => ({ ...request, kill: kills[index] })),
    }))
  )

/** What happened in a history. */
export interface ClusterOutcome {
  kills: number
  /** Requests without a complete answer, because a gateway was killed or the client left. */
  cut: number
  /** Requests that were sent again after that. */
  repeated: number
  answered: number
  rejected: number
  /** Rows of the ledger, and those of requests whose gateway was killed. */
  rows: number
  expired: number
  /** Readings of the counters during the history. */
  readings: number
}

/** The cluster and stores of its own on the same engines, for what a gateway does not show. */
export interface Checked {
  cluster: Cluster
  /** Counters in Redis. */
  store: Store
  /** What was spent, as Postgres alone knows it. */
  ledger: Store
}

interface Answer {
  request: HistoryRequest
  reply: Reply
}

let histories = 0

/**
 * Sends the requests of a new key through the load balancer while gateways are killed. Checks that
 * no limit is exceeded at any moment, that afterwards nothing is reserved, that the sums of the ledger
 * are what was spent, and that each answer was charged once.
 */
export async function checkClusterHistory(
  { requests }: ClusterHistory,
  checked: Checked,
): Promise<ClusterOutcome> {
  const { cluster, store } = checked
  const { key, id, team } = await createKey(store)
  const watched = watchedOf(id, team)
  const watch = watchLimits(store, watched)
  const restarts = createRestarts(cluster)
  const answers: Answer[] = []
  let repeated = 0
  const work = async (request: ClusterHistory['requests'][number], index: number) => {
    const began = Promise.withResolvers<void>()
    if (request.kill?.at === 'sent') began.resolve()
    const attempt = (suffix: string, onFirstByte?: () => void) =>
      sendOne(cluster, { key, request, id: `${team}-${index}${suffix}`, onFirstByte })
    const first = attempt('', began.resolve)
    const [reply] = await Promise.all([
      first.finally(began.resolve),
      request.kill && began.promise.then(() => restarts.kill(request.kill?.gateway ?? 'newest')),
    ])
    answers.push({ request, reply })
    // A client whose connection broke sends its request again.
    if (reply.isComplete || request.kind.startsWith('left')) return
    repeated++
    answers.push({ request, reply: await attempt('-again') })
  }
  try {
    const running: Promise<void>[] = []
    for (const [index, request] of requests.entries()) {
      const sent = work(request, index)
      running.push(sent)
      if (!request.isParallel) await sent
    }
    await Promise.all(running)
    await restarts.done()
    await untilQuiet(cluster)
    await store.expire(Date.now() + EXPIRED)
  } finally {
    watch.end()
  }
  const readings = await watch.readings()
  const rows = await checkSums(checked, watched, id)
  checkRows(answers, rows)
  return {
    ...{ kills: restarts.count(), repeated, readings, rows: rows.length },
    cut: answers.filter(({ reply }) => !reply.isComplete).length,
    answered: answers.filter(({ reply }) => reply.isComplete && reply.status === 200).length,
    rejected: answers.filter(({ reply }) => reply.status === 429).length,
    expired: rows.filter(({ outcome }) => outcome === 'expired').length,
  }
}

async function createKey(store: Store): Promise<{ key: string; id: string; team: string }> {
  const team = `history-${process.pid}-${++histories}`
  const { tokens, rate, concurrency } = LIMITS.key
  const settings = { name: team, team, budget: `${tokens}tokens/total`, tpm: rate, concurrency }
  const key = createKeySecret()
  const now = Date.now()
  const change = { time: now, actor: 'test', action: 'create', target: team, detail: '' }
  const limits = { budget: { unit: 'tokens', amount: LIMITS.team, period: 'total' } } as const
  await store.putTeam({ name: team, limits, createdAt: now }, change)
  const record = newKeyRecord(settings, { id: createKeyId(), hash: await hashKey(key), now })
  await store.createKey(record, change)
  return { key, id: record.id, team }
}

type Watched = CounterName & { limit: number }

function watchedOf(id: string, team: string): readonly Watched[] {
  const { tokens, rate, concurrency } = LIMITS.key
  const scope = `key:${id}`
  const none = { type: 'none' } as const
  return [
    { scope, metric: 'tokens', window: none, limit: tokens },
    { scope, metric: 'tokens', window: { type: 'minute' }, limit: rate },
    { scope, metric: 'concurrency', window: none, limit: concurrency },
    { scope: `team:${team}`, metric: 'tokens', window: none, limit: LIMITS.team },
  ]
}

/** Reads the counters again and again while requests run. */
function watchLimits(store: Store, watched: readonly Watched[]) {
  let readings = 0
  let isRunning = true
  const read = async () => {
    while (isRunning) {
      await checkLimits(store, watched)
      readings++
      // The gateways need the processors too.
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
  }
  const result = read().then(() => undefined, (error: unknown) => ({ error }))
  return {
    end: () => void (isRunning = false),
    /** Call it after `end()`. Throws the error of a limit that was exceeded. */
    async readings(): Promise<number> {
      const failure = await result
      if (failure) throw failure.error
      return readings
    },
  }
}

async function checkLimits(store: Store, watched: readonly Watched[]): Promise<void> {
  const states = await store.counters(watched, Date.now())
  for (const [index, { spent, reserved, scope, metric }] of states.entries()) {
    const limit = watched[index]?.limit ?? 0
    const message = `${scope} ${metric}: ${spent} + ${reserved} of ${limit}`
    assert.ok(spent >= 0 && reserved >= 0 && spent + reserved <= limit, message)
  }
}

/** Kills gateways, at least one of which always runs, and starts others in their place. */
function createRestarts(cluster: Cluster) {
  const pending = new Map<number, Promise<void>>()
  const all: Promise<void>[] = []
  let count = 0
  return {
    count: () => count,
    async kill(gateway: Kill['gateway']): Promise<void> {
      const index = gateway === 'newest' ? cluster.newest() : gateway
      if (pending.has(index)) return
      while (pending.size >= GATEWAYS - 1) await Promise.race(pending.values())
      if (pending.has(index)) return
      count++
      const killed = cluster.kill(index)
      all.push(killed)
      // A failure is reported by `done()`.
      pending.set(index, killed.catch(() => {}).finally(() => pending.delete(index)))
    },
    done: () => Promise.all(all),
  }
}

async function sendOne(
  { port }: Cluster,
  { key, request, id, onFirstByte }: {
    key: string
    request: HistoryRequest
    id: string
    onFirstByte: (() => void) | undefined
  },
): Promise<Reply> {
  const abort = new AbortController()
  if (request.kind === 'left whole') setTimeout(() => abort.abort(), 5)
  return await send(port, {
    ...{ key, ...callOf(request, id), signal: abort.signal },
    onFirstByte() {
      onFirstByte?.()
      if (request.kind === 'left') abort.abort()
    },
  })
}

/** After quiet nothing is reserved, and Redis, Postgres and the ledger have the same sums. */
async function checkSums(
  { store, ledger }: Checked,
  watched: readonly Watched[],
  key: string,
): Promise<readonly LedgerRow[]> {
  await checkLimits(store, watched)
  const rows = await Array.fromAsync(store.rows({ key }))
  const used = rows.reduce((sum, row) => sum + row.promptTokens + row.completionTokens, 0)
  const states = await store.counters(watched, Date.now())
  assert.deepEqual(states.map(({ reserved }) => reserved), [0, 0, 0, 0])
  assert.deepEqual([states[0]?.spent, states[3]?.spent], [used, used], 'counters in Redis')
  const durable = await ledger.counters(watched, Date.now())
  assert.deepEqual([durable[0]?.spent, durable[3]?.spent], [used, used], 'counters in Postgres')
  return rows
}

/** Each answer has one row, with the tokens that the client got, or the worst case after a kill. */
function checkRows(answers: readonly Answer[], rows: readonly LedgerRow[]): void {
  assert.ok(rows.length <= answers.length, `${rows.length} rows of ${answers.length} requests`)
  const byRequest = Map.groupBy(rows, ({ id }) => id.slice(0, id.lastIndexOf('.')))
  for (const { request: { kind }, reply } of answers) {
    const own = byRequest.get(reply.requestId ?? '') ?? []
    assert.ok(own.length <= 1, `${own.length} rows of a request (${kind})`)
    if (!reply.isComplete || reply.status !== 200) continue
    const [row] = own
    assert.ok(row, `no row of an answer (${kind})`)
    if (!EXACT.includes(kind)) continue
    const { usage } = JSON.parse(reply.text) as { usage: { total_tokens: number } }
    const charged = row.promptTokens + row.completionTokens
    const isExact = row.outcome === 'expired' ? charged >= usage.total_tokens : charged ===
      usage.total_tokens
    assert.ok(isExact, `${charged} tokens charged for ${usage.total_tokens} (${kind})`)
  }
}
