import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Outcome, type Scenario, simulate } from './scarce-capacity.ts'

const THREE = { a: { parallel: 10 }, b: { parallel: 10 }, c: { parallel: 10 } }
const steps = (...limits: readonly [number, number]) => (seconds: number) =>
  limits[Math.floor(seconds / 60) % 2 === 0 ? 0 : 1]
const wave = (seconds: number) => Math.round(20 + 10 * Math.sin(seconds / 300 * 2 * Math.PI))

type Row = [name: string, scenario: Scenario, greedy?: string]

/** A greedy client sends more than its share; the other clients less than theirs. */
const rows: Row[] = [
  ['20 calls', { limit: () => 20, duration: 2, clients: THREE }],
  ['20 calls, Retry-After', { limit: () => 20, duration: 2, retryAfter: 2, clients: THREE }],
  ['3 calls', {
    limit: () => 3,
    duration: 2,
    clients: { a: { parallel: 3 }, b: { parallel: 3 } },
  }],
  ['1 call', { limit: () => 1, duration: 2, clients: { a: { parallel: 3 }, b: { parallel: 3 } } }],
  ['100 calls', {
    limit: () => 100,
    duration: 5,
    clients: { a: { parallel: 60 }, b: { parallel: 60 }, c: { parallel: 60 } },
  }],
  ['20 long streams', { limit: () => 20, duration: 10, clients: THREE }],
  ['10 short calls', { limit: () => 10, duration: 0.2, clients: THREE }],
  ['20 and 10 calls in turn', { limit: steps(20, 10), duration: 2, clients: THREE }],
  ['20 and 40 calls in turn', {
    limit: steps(20, 40),
    duration: 2,
    clients: { a: { parallel: 30 }, b: { parallel: 30 } },
  }],
  ['10 to 30 calls in a wave', {
    limit: wave,
    duration: 2,
    clients: { a: { parallel: 15 }, b: { parallel: 15 }, c: { parallel: 15 } },
  }],
  ['10 calls per second', { limit: () => 10, burst: 10, duration: 2, clients: THREE }],
  ['10 calls per second, Retry-After', {
    limit: () => 10,
    burst: 10,
    duration: 2,
    retryAfter: 1,
    clients: THREE,
  }],
  ['600 calls per minute', { limit: () => 10, burst: 600, duration: 2, clients: THREE }],
  ['5 and 15 calls per second in turn', {
    limit: steps(5, 15),
    burst: 10,
    duration: 2,
    clients: { a: { parallel: 15 }, b: { parallel: 15 }, c: { parallel: 15 } },
  }],
  ['50 short calls per second', { limit: () => 50, burst: 50, duration: 0.2, clients: THREE }],
  ['a greedy client with 300 requests', {
    limit: () => 20,
    duration: 2,
    clients: { greedy: { parallel: 300 }, b: { parallel: 10 }, c: { parallel: 10 } },
  }, 'greedy'],
  ['a greedy client with 40 requests per second', {
    limit: () => 20,
    duration: 2,
    clients: { greedy: { perSecond: 40 }, b: { perSecond: 3 }, c: { perSecond: 2 } },
  }, 'greedy'],
]

describe('the rate limit queue', () => {
  for (const [name, scenario, greedy] of rows) {
    it(`uses a hidden limit and divides it: ${name}`, async (test) => {
      const outcome = await simulate(scenario)
      test.diagnostic(describeOutcome(outcome))
      assert.ok(outcome.goodput >= 0.9, describeOutcome(outcome))
      for (const [client, rejected] of Object.entries(outcome.rejected)) {
        if (client !== greedy) assert.ok(rejected <= 0.01, describeOutcome(outcome))
      }
      assertFair(outcome, scenario, greedy)
    })
  }

  it('is what divides the limit: without it a greedy client takes most', async () => {
    const { share, rejected } = await simulate({
      limit: () => 20,
      duration: 2,
      clients: { greedy: { perSecond: 40 }, b: { perSecond: 3 }, c: { perSecond: 2 } },
    }, false)
    assert.ok((share['greedy'] ?? 0) > 0.8, JSON.stringify(share))
    assert.ok((rejected['b'] ?? 0) > 0.5, JSON.stringify(rejected))
  })
})

/** Equal clients get equal parts; a greedy one only what the others do not use. */
function assertFair(outcome: Outcome, { clients }: Scenario, greedy: string | undefined): void {
  const shares = Object.entries(outcome.share).filter(([client]) => client !== greedy)
  const equal = 1 / Object.keys(clients).length
  for (const [client, share] of shares) {
    const { perSecond } = { perSecond: undefined, ...clients[client] }
    const due = perSecond === undefined ? equal : perSecond / 10
    assert.ok(Math.abs(share - due) <= 0.1 * due, `${client}: ${describeOutcome(outcome)}`)
  }
}

function describeOutcome({ goodput, rejected, share, rejectedCalls }: Outcome): string {
  const percent = (part: number) => `${(part * 100).toFixed(1)} %`
  const clients = Object.keys(share).map((name) =>
    `${name} ${percent(share[name] ?? 0)} (429: ${percent(rejected[name] ?? 0)})`
  )
  return `goodput ${percent(goodput)}, rejected calls ${percent(rejectedCalls)}, ${
    clients.join(', ')
  }`
}
