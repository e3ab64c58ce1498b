import assert from 'node:assert/strict'
import { createMemoryStore } from '../../src/store/memory/store.ts'
import type { LedgerRow } from '../../src/store/records.ts'
import type { CounterName, Store } from '../../src/store/store.ts'
import { type KeyedGateway, openKeyedGateway } from './gateway.ts'
import { callOf, HISTORY_CONFIG, type HistoryRequest } from './history-requests.ts'

const LIMITS = { key: { tokens: 4_000, rate: 3_000, concurrency: 3 }, team: 6_000 }
let gateway: KeyedGateway
/** The store without checks. */
let inner: Store
let watched: readonly (CounterName & { limit: number })[] = []
let violations: string[] = []
let histories = 0

/** Opens the gateway of the histories. */
export async function openHistories(store: Store = createMemoryStore()): Promise<KeyedGateway> {
  return gateway = await openKeyedGateway({
    store: watch(store),
    config: HISTORY_CONFIG,
  })
}

/**
 * Sends requests of a new key, and checks that no limit is exceeded and that nothing stays reserved.
 * Resolves with the rows of the ledger.
 */
export async function checkHistory(requests: readonly HistoryRequest[]): Promise<LedgerRow[]> {
  const name = `history-${++histories}`
  const { tokens, rate, concurrency } = LIMITS.key
  const { text: key, record } = await gateway.createKey({
    ...{ name, team: name, budget: `${tokens}tokens/total`, tpm: rate, concurrency },
  })
  await gateway.store.putTeam(
    {
      name,
      limits: { budget: { unit: 'tokens', amount: LIMITS.team, period: 'total' } },
      createdAt: 0,
    },
    { time: 0, actor: 'test', action: 'team.update', target: name, detail: '' },
  )
  watched = [
    { scope: `key:${record.id}`, metric: 'tokens', window: { type: 'none' }, limit: tokens },
    { scope: `key:${record.id}`, metric: 'tokens', window: { type: 'minute' }, limit: rate },
    {
      scope: `key:${record.id}`,
      metric: 'concurrency',
      window: { type: 'none' },
      limit: concurrency,
    },
    { scope: `team:${name}`, metric: 'tokens', window: { type: 'none' }, limit: LIMITS.team },
  ]
  violations = []
  const running: Promise<void>[] = []
  for (const [index, request] of requests.entries()) {
    const sent = send(key, request, `${name}-${index}`)
    running.push(sent)
    if (!request.isParallel) await sent
  }
  await Promise.all(running)
  await gateway.gateway.stored?.metering.flush()
  await check('at the end')
  assert.deepEqual(violations, [])
  const rows = await Array.fromAsync(gateway.store.rows({ key: record.id }))
  const states = await gateway.store.counters(watched, Date.now())
  assert.deepEqual(states.map(({ reserved }) => reserved), [0, 0, 0, 0])
  const used = sum(rows, 'promptTokens') + sum(rows, 'completionTokens')
  assert.deepEqual([states[0]?.spent, states[3]?.spent], [used, used])
  return rows
}

async function send(key: string, request: HistoryRequest, id: string): Promise<void> {
  const { kind } = request
  const { path, body } = callOf(request, id)
  const abort = new AbortController()
  const options = { key, signal: abort.signal, body }
  if (kind === 'left whole') setTimeout(() => abort.abort(), 5)
  try {
    const response = await gateway.send(path, options)
    if (kind !== 'left') return void await response.text()
    const reader = response.body?.getReader()
    await reader?.read()
    await reader?.cancel()
  } catch {
    // The client has left, or the connection was cut.
  }
}

/** The sum of a column. */
export function sum(rows: readonly LedgerRow[], name: 'promptTokens' | 'completionTokens'): number {
  return rows.reduce((total, row) => total + row[name], 0)
}

/** Checks the limits after each change of a counter. */
function watch(store: Store): Store {
  const checked = <Args extends readonly unknown[], Result>(
    method: (...args: Args) => Promise<Result>,
    name: string,
  ) =>
  async (...args: Args) => {
    const result = await method(...args)
    await check(name)
    return result
  }
  inner = store
  return {
    ...store,
    reserve: checked(store.reserve, 'after reserve()'),
    settle: checked(store.settle, 'after settle()'),
  }
}

async function check(when: string): Promise<void> {
  const states = await inner.counters(watched, Date.now())
  for (const [index, { spent, reserved, scope, window }] of states.entries()) {
    const { limit = 0 } = watched[index] ?? {}
    if (spent + reserved > limit || reserved < 0) {
      violations.push(`${when}: ${scope} ${window.type} ${spent} + ${reserved} > ${limit}`)
    }
  }
}
