import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openHostGateway } from '../../../src/cli/open-gateway.ts'
import { createSimulator, type SimulatorOptions } from '../../../src/simulator/app.ts'
import { createDemoIdentity } from '../../../src/simulator/identity.ts'
import { createMemoryStore } from '../../../src/store/memory/store.ts'
import { createFakeHost, FakeOutput, runCli } from '../fake-host.ts'
import { ledgerRow, writeRows } from '../store-host.ts'

const DAY = 86_400_000
const START = Date.UTC(2026, 10, 1)
const identity = await createDemoIdentity()

/** A gateway and a simulator of OCI with one clock, and a store. */
function createWorld(options: Partial<SimulatorOptions> = {}) {
  const clock = { now: START }
  const now = () => clock.now
  const { publicKeys } = identity
  const simulator = createSimulator({ publicKeys, eventDelay: 0, now, ...options })
  const store = createMemoryStore()
  const host = createFakeHost({
    now,
    fetch: (url, init) => simulator.fetch(new Request(url, init)),
    openStore: () => Promise.resolve(store),
    env: {
      OCI_CLI_TENANCY: identity.tenancy,
      OCI_CLI_USER: identity.user,
      OCI_CLI_FINGERPRINT: identity.fingerprint,
      OCI_CLI_KEY_CONTENT: identity.privateKey,
      OCI_CLI_REGION: 'us-chicago-1',
      GATEWAY_STORE: 'sqlite:./gateway.db',
    },
  })
  const run = (line: string) =>
    runCli(line, { ...host, stdout: new FakeOutput(), stderr: new FakeOutput() })
  return { clock, simulator, store, host, run }
}

type World = ReturnType<typeof createWorld>

type App = Awaited<ReturnType<typeof openHostGateway>>['app']

async function post(app: App, path: string, body: object): Promise<void> {
  const response = await app.request(path, {
    ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
    body: JSON.stringify(body),
  })
  // The gateway settles when the whole answer is read.
  assert.equal(response.status, 200, await response.text())
}

async function ask(app: App, model: string, content: string, isStream = false): Promise<void> {
  const messages = [{ role: 'user', content }]
  await post(app, '/v1/chat/completions', { model, messages, max_tokens: 5, stream: isStream })
}

/** Runs work with the clock of a world: the gateway signs with the time of its process. */
async function withClock({ clock }: World, work: () => Promise<void>): Promise<void> {
  const { now } = Date
  Date.now = () => clock.now
  try {
    await work()
  } finally {
    Date.now = now
  }
}

/** A month in which several models are asked every day. The gateway writes the ledger. */
async function liveThroughMonth({ host, clock }: World): Promise<void> {
  const { app, close } = await openHostGateway(host, host.env, () => {})
  for (let day = 0; day < 30; day++) {
    clock.now = START + day * DAY + day * 60_000
    const words = 'mot '.repeat(day + 1)
    await ask(app, 'xai.grok-4.3', words)
    await ask(app, 'openai.gpt-oss-120b', words, true)
    await ask(app, 'google.gemini-2.5-flash', `${words}日本`)
    await ask(app, 'meta.llama-3.3-70b-instruct', `${words}日本👍`, day % 2 === 1)
    if (day === 15) await ask(app, 'xai.grok-4.3', 'long '.repeat(200_000))
    if (day % 10 > 0) continue
    await post(app, '/v1/rerank', {
      ...{ model: 'cohere.rerank-v4.0-pro', query: 'a', documents: ['b', 'c'] },
    })
    await post(app, '/v1/embeddings', { model: 'cohere.embed-v4.0', input: ['abc', 'é'] })
  }
  await close()
}

describe('reconcile', () => {
  it('agrees with the simulator to the unit, over a month', async () => {
    const world = createWorld()
    await withClock(world, () => liveThroughMonth(world))
    world.clock.now = Date.UTC(2026, 11, 2, 8)
    const { status, stdout, stderr } = await world.run('reconcile --month 2026-11 --json')
    assert.equal(status, 0, stderr)
    const result = JSON.parse(stdout)
    const billed = Map.groupBy(world.simulator.billed(), ({ sku }) => sku.partNumber)
    assert.deepEqual(
      result.parts.map(({ partNumber }: { partNumber: string }) => partNumber),
      [...billed.keys()].toSorted(),
    )
    assert.ok(billed.has('B112084') && billed.has('B108080') && billed.has('B112423'))
    for (const part of result.parts) {
      const usages = billed.get(part.partNumber) ?? []
      const units = usages.reduce((sum, usage) => sum + usage.units, 0)
      const { size } = usages[0]!.sku
      assert.equal(Math.round(part.ledgerQuantity * size), units, part.partNumber)
      assert.equal(Math.round(part.oracleQuantity * size), units, part.partNumber)
      assert.deepEqual([part.difference, part.ratio], ['0.000000000', 1], part.partNumber)
    }
    assert.equal(result.total.difference, '0.000000000')
    assert.deepEqual([result.since, result.until, result.oracleLastDay], [
      ...['2026-11-01', '2026-12-01', '2026-11-30'],
    ])
    assert.equal(result.incomplete, false)
    assert.match(stderr, /Usage API is hours to a day late: its last day with usage is 2026-11-30/)
  })

  it('compares only days that are over, and shows what Oracle does not know yet', async () => {
    const world = createWorld({ usageLag: 12 * 3_600_000 })
    await withClock(world, async () => {
      const { app, close } = await openHostGateway(world.host, world.host.env, () => {})
      for (const day of [0, 1, 2]) {
        world.clock.now = START + day * DAY
        await ask(app, 'openai.gpt-oss-20b', 'one two')
      }
      await close()
    })
    world.clock.now = START + 2 * DAY + 3_600_000
    const { stdout, stderr } = await world.run('reconcile --month 2026-11')
    assert.match(stdout, /^PART +PRODUCT +LEDGER \(USD\) +ORACLE \(USD\) +DIFFERENCE +RATIO$/m)
    assert.match(
      stdout,
      /^B112006 +OCI Generative AI - .* 0\.000000280 +0\.000000140 +-0\.000000140 +0\.5000$/m,
    )
    assert.match(stdout, /^total +0\.000003280 +0\.000001640 +-0\.000001640 +0\.5000$/m)
    assert.match(stderr, /until before 2026-11-03 .* its last day with usage is 2026-11-01/)
  })

  it("divides costs at the operator's prices among Oracle's part numbers", async () => {
    const world = createWorld()
    const own = { model: 'openai.gpt-oss-20b', promptTokens: 100, completionTokens: 100 }
    const change = { time: START, actor: 'cli', action: 'price.set', target: '', detail: '{}' }
    const rate = { nanoDollars: 35, per: 1 }
    await world.store.setPrice({
      model: own.model,
      price: JSON.stringify({
        ...{ model: own.model, metric: 'tokens', source: 'operator', date: '2026-11-01' },
        tiers: [{ input: rate, output: rate }],
      }),
    }, change)
    await writeRows(world.store, [
      ledgerRow({ ...own, time: START, cost: 3_700, partNumber: undefined }),
      ledgerRow({ model: 'my.model', time: START, cost: 5, partNumber: undefined }),
      ledgerRow({ model: 'xai.grok-4.7', time: START, cost: undefined, partNumber: undefined }),
    ])
    world.clock.now = START + DAY
    const { stdout, stderr } = await world.run('reconcile --month 2026-11 --json')
    const { parts, total, withoutPartNumber, withoutCost } = JSON.parse(stdout)
    const ledger = parts.map((part: { partNumber: string; ledger: string }) => [
      ...[part.partNumber, part.ledger],
    ])
    assert.deepEqual(ledger, [['B112006', '0.000000700'], ['B112007', '0.000003000']])
    assert.deepEqual([total.ledger, total.oracle, total.ratio], [
      ...['0.000003705', '0.000000000', null],
    ])
    assert.deepEqual([withoutPartNumber, withoutCost], ['0.000000005', 1])
    assert.match(stderr, /1 requests have no cost/)
  })

  const invalid: [line: string, status: number, message: RegExp][] = [
    ['reconcile', 2, /--month is missing/],
    ['reconcile --month 2026-13', 2, /--month must be a month/],
    ['reconcile --month 2026-11', 2, /2026-11 has no day that is over/],
  ]
  for (const [line, status, message] of invalid) {
    it(`rejects ${line} on the first day of November`, async () => {
      const result = await createWorld().run(line)
      assert.equal(result.status, status)
      assert.match(result.stderr, message)
    })
  }

  it('names the policy that is missing', async () => {
    const world = createWorld()
    world.clock.now = START + DAY
    const denied = {
      ...{ code: 'NotAuthorizedOrNotFound', message: 'Authorization failed or …' },
    }
    const host = {
      ...world.host,
      fetch: () => Promise.resolve(Response.json(denied, { status: 404 })),
    }
    const { status, stderr } = await runCli('reconcile --month 2026-11', host)
    assert.equal(status, 1)
    assert.match(stderr, /read usage-report in tenancy/)
  })
})
