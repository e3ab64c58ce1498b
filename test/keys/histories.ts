import assert from 'node:assert/strict'
import fc from 'fast-check'
import { createMemoryStore } from '../../src/store/memory/store.ts'
import type { LedgerRow } from '../../src/store/records.ts'
import type { CounterName, Store } from '../../src/store/store.ts'
import { chatOf, type KeyedGateway, openKeyedGateway } from './gateway.ts'

/** How a request of a history goes. */
export const KINDS = [
  ...['whole', 'stream', 'choices', 'completions', 'embeddings', 'relayed', 'relayed stream'],
  ...['retry', 'fallback', 'empty', 'refused', 'failed'],
  ...['no usage', 'cut', 'cut whole', 'left', 'left whole', 'no usage relayed'],
] as const
export type Kind = (typeof KINDS)[number]

/** Kinds whose tokens OCI reports only partly or not at all. */
export const ESTIMATED: readonly Kind[] = [
  'no usage',
  'cut',
  'cut whole',
  'left',
  'left whole',
  'no usage relayed',
]

const LIMITS = { key: { tokens: 4_000, rate: 3_000, concurrency: 3 }, team: 6_000 }
const MODEL = 'xai.grok-4.3'
const RELAYED = 'openai.gpt-oss-120b'

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
    config: {
      models: { 'openai.*': { endpoint: 'openai' } },
      fallbacks: { [MODEL]: ['meta.llama-3.3-70b-instruct'] },
      retry: { initialDelaySeconds: 0.001, maxAttempts: 4, budgetRatio: 1 },
      circuitBreaker: { minimumRequests: 0 },
    },
  })
}

/** Some requests of one key, of these kinds. */
export function requestsOf(kinds: readonly Kind[], maxLength = 8): fc.Arbitrary<HistoryRequest[]> {
  const request = fc.record({
    kind: fc.constantFrom(...kinds),
    words: fc.integer({ min: 1, max: 30 }),
    limit: fc.option(fc.integer({ min: 1, max: 200 }), { nil: undefined }),
    isParallel: fc.boolean(),
  })
  return fc.array(request, { minLength: 2, maxLength })
}

/** A request of a history. */
export interface HistoryRequest {
  kind: Kind
  words: number
  limit: number | undefined
  isParallel: boolean
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
  const { kind, words, limit } = request
  const text = 'word '.repeat(words) + directivesOf(kind, id)
  const isStream = /stream|cut$|left$/.test(kind)
  const abort = new AbortController()
  const options = { key, signal: abort.signal, body: bodyOf(kind, text, limit, isStream) }
  if (kind === 'left whole') setTimeout(() => abort.abort(), 5)
  try {
    const response = await gateway.send(pathOf(kind), options)
    if (kind !== 'left') return void await response.text()
    const reader = response.body?.getReader()
    await reader?.read()
    await reader?.cancel()
  } catch {
    // The client has left, or the connection was cut.
  }
}

function pathOf(kind: Kind): string {
  if (kind === 'completions') return '/v1/completions'
  return kind === 'embeddings' ? '/v1/embeddings' : '/v1/chat/completions'
}

function bodyOf(kind: Kind, text: string, limit: number | undefined, stream: boolean): object {
  if (kind === 'embeddings') return { model: 'cohere.embed-v4.0', input: [text, text] }
  const max = limit === undefined ? {} : { max_tokens: limit }
  if (kind === 'completions') return { model: MODEL, prompt: [text, text, 'One'], ...max }
  const model = kind.includes('relayed') ? RELAYED : MODEL
  return { ...chatOf(text, { ...max, stream, ...(kind === 'choices' && { n: 3 }) }), model }
}

function directivesOf(kind: Kind, id: string): string {
  switch (kind) {
    case 'retry':
    case 'fallback':
      return `[[sim:status=503]][[sim:times=${kind === 'retry' ? 2 : 1}]][[sim:key=${id}]]`
    case 'empty':
      return '[[sim:empty]]'
    case 'refused':
      return '[[sim:status=400]]'
    case 'failed':
      return '[[sim:status=500]]'
    case 'no usage':
    case 'no usage relayed':
      return '[[sim:no-usage]]'
    case 'cut':
      return '[[sim:cut-after=3]]'
    case 'cut whole':
      return `[[sim:cut-after=1]][[sim:times=1]][[sim:key=${id}]]`
    case 'left':
      return '[[sim:delay=5]]'
    case 'left whole':
      return '[[sim:headers-delay=20]]'
    default:
      return ''
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
