import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { PRICE_LIST_URL } from '../../../src/prices/oracle-list/decode.ts'
import { createPriceBook } from '../../../src/prices/price-book.ts'
import { TRAPS } from '../../prices/oracle-list/list.ts'
import { createFakeHost, FakeFiles, FakeOutput, runCli } from '../fake-host.ts'
import { createStoreHost, NOW } from '../store-host.ts'

/** A host for which Oracle's price list is this one. */
function createListHost(list: unknown = TRAPS) {
  const requests: string[] = []
  const { host, store } = createStoreHost({
    fetch(url) {
      requests.push(url)
      return Promise.resolve(Response.json(list))
    },
  })
  const run = (line: string) => {
    const own = { ...host, stdout: new FakeOutput(), stderr: new FakeOutput() }
    return runCli(line, own)
  }
  return { run, store, requests }
}

interface Row {
  model: string
  per: number
  input: string
  cached: string | null
  output: string | null
  maxPromptTokens: number | null
  metric: string
  source: string
  date: string
}

async function shown(run: (line: string) => ReturnType<typeof runCli>, words: string) {
  const { stdout, status } = await run(`prices show ${words} --json`)
  assert.equal(status, 0)
  const rows: Row[] = JSON.parse(stdout)
  return rows
}

describe('prices show', () => {
  it('prints the built-in prices without a store, and the models without a price', async () => {
    const { status, stdout, stderr } = await runCli('prices show')
    assert.equal(status, 0)
    assert.match(
      stdout,
      /^xai\.grok-4\.3 +≤ 199,999 +1\.25 +0\.2 +2\.5 +1,000,000 tokens +2026-07-30/m,
    )
    assert.match(stdout, /^cohere\.rerank-v4\.0-pro +any +2\.5 +– +– +1,000 search units /m)
    assert.match(stderr, /^Without a price, and so without a cost: .*xai\.grok-4\.7/m)
  })

  it('names only models without a price that match', async () => {
    const { stderr } = await runCli('prices show cohere rerank')
    assert.doesNotMatch(stderr, /xai/)
    const { stderr: ofGrok } = await runCli('prices show grok')
    assert.match(ofGrok, /^Without a price, and so without a cost: xai\.grok-4\.7/m)
    assert.doesNotMatch(ofGrok, /cohere|google|meta|openai/)
  })

  it('says that no price matches', async () => {
    const { status, stdout, stderr } = await runCli('prices show nonsense')
    assert.deepEqual({ status, stdout, stderr }, {
      status: 1,
      stdout: '',
      stderr: 'No price matches "nonsense"\n',
    })
  })

  it('--json prints a row for each tier, with date and source', async () => {
    const rows = await shown(createListHost().run, 'grok 4.3')
    assert.deepEqual(rows.map(({ maxPromptTokens, input }) => [maxPromptTokens, input]), [
      [199_999, '1.25'],
      [null, '2.5'],
    ])
    for (const { date, source } of rows) {
      assert.equal(date, '2026-07-30')
      assert.match(source, /^https:\/\//)
    }
  })
})

describe('prices set', () => {
  it('stores a price that takes precedence, and audits it', async () => {
    const { run, store } = createListHost()
    const line = 'prices set xai.grok-4.3 --input 3 --cached 0.75 --output 15'
    const { status, stdout, stderr } = await run(line)
    assert.deepEqual({ status, stderr }, { status: 0, stderr: '' })
    assert.equal(
      stdout,
      'xai.grok-4.3: input $3, cached input $0.75, output $15 for 1,000,000 tokens\n',
    )
    const [row, ...others] = await shown(run, 'grok-4.3')
    assert.deepEqual(others, [])
    assert.deepEqual(row, {
      ...{ model: 'xai.grok-4.3', metric: 'tokens', per: 1_000_000, maxPromptTokens: null },
      ...{ input: '3', cached: '0.75', output: '15', partNumbers: [] },
      ...{ source: 'operator', date: '2026-11-28' },
    })
    const [audit] = await store.audit({ after: 0, limit: 9 })
    assert.deepEqual([audit?.time, audit?.actor, audit?.action, audit?.target], [
      ...[NOW, 'cli', 'price.set', 'xai.grok-4.3'],
    ])
  })

  const rows: [flags: string, per: number, metric: string][] = [
    ['--input 2.5 --metric searchUnits', 1_000, 'searchUnits'],
    ['--input 0.0018 --output 0.0018 --metric characters', 10_000, 'characters'],
    ['--input 0.000003 --output 0 --per 1', 1, 'tokens'],
    ['--input 0.1 --metric requests --per 50', 50, 'requests'],
  ]
  for (const [flags, per, metric] of rows) {
    it(`reads ${flags}`, async () => {
      const { run } = createListHost()
      const { stdout, status } = await run(`prices set my.model ${flags} --json`)
      assert.equal(status, 0)
      const row: Row = JSON.parse(stdout)
      assert.deepEqual([row.per, row.metric, row.input], [per, metric, flags.split(' ')[1]])
    })
  }

  it('says that answers are free without --output', async () => {
    const { stderr } = await createListHost().run('prices set my.model --input 1')
    assert.match(stderr, /my\.model cost nothing/)
  })

  const invalid: [line: string, message: RegExp][] = [
    ['prices set', /MODEL is missing/],
    ['prices set m', /--input is missing/],
    ['prices set m --input 1e3', /--input must be a number of USD/],
    ['prices set m --input 1 --cached -1', /--cached must be a number of USD/],
    ['prices set m --input 1 --output x', /--output must be a number of USD/],
    ['prices set m --input 1 --per 0', /--per must be a whole number from 1/],
    ['prices set m --input 1 --metric hours', /Unknown value of --metric "hours"/],
    ['prices set a*b --input 1', /MODEL must be OCI's name/],
  ]
  for (const [line, message] of invalid) {
    it(`rejects ${line}`, async () => {
      const { status, stderr } = await createListHost().run(line)
      assert.equal(status, 2)
      assert.match(stderr, message)
    })
  }

  it('needs a store that other processes can open', async () => {
    for (const env of [{}, { GATEWAY_STORE: 'memory:' }]) {
      const { status, stderr } = await runCli('prices set m --input 1', createFakeHost({ env }))
      assert.equal(status, 78)
      assert.match(stderr, /GATEWAY_STORE/)
    }
  })

  it('reads a store that is a reference', async () => {
    const { host } = createStoreHost({ env: { GATEWAY_STORE: 'file:/run/store' } })
    const files = new FakeFiles({ '/run/store': 'sqlite:./own.db\n' })
    const opened: string[] = []
    const openStore: typeof host.openStore = (location) => {
      opened.push(location)
      return host.openStore(location)
    }
    await runCli('prices set m --input 1', { ...host, files, openStore })
    assert.deepEqual(opened, ['sqlite:./own.db'])
  })

  it('reads the store of the configuration file', async () => {
    const { host } = createStoreHost({ env: { GATEWAY_STORE: '' } })
    const files = new FakeFiles({ 'gateway.config.jsonc': '{ "store": "sqlite:./own.db" }' })
    const opened: string[] = []
    const openStore: typeof host.openStore = (location) => {
      opened.push(location)
      return host.openStore(location)
    }
    const { status } = await runCli('prices set m --input 1', { ...host, files, openStore })
    assert.deepEqual({ status, opened }, { status: 0, opened: ['sqlite:./own.db'] })
  })
})

describe('prices reset', () => {
  it('returns to the built-in price', async () => {
    const { run } = createListHost()
    await run('prices set xai.grok-4.3 --input 3 --output 15')
    const { status, stdout } = await run('prices reset xai.grok-4.3')
    assert.deepEqual({ status, stdout }, {
      status: 0,
      stdout: 'xai.grok-4.3: the built-in price\n',
    })
    assert.equal((await shown(run, 'grok-4.3'))[0]?.input, '1.25')
  })

  it('rejects a model whose price is not stored', async () => {
    const { run } = createListHost()
    await run('prices set xai.grok-4.7 --input 3 --output 15')
    const { status, stderr } = await run('prices reset xai.grok-4.6')
    assert.equal(status, 2)
    assert.match(stderr, /Did you mean xai\.grok-4\.7/)
  })
})

describe('prices update', () => {
  it("stores Oracle's list of today, and reads nothing else", async () => {
    const { run, requests } = createListHost()
    const { status, stdout } = await run('prices update')
    assert.equal(status, 0)
    assert.match(
      stdout,
      /^19 models have a price in Oracle's list; 12 of its rows .* are not used/m,
    )
    assert.match(stdout, /^New or changed: xai\.grok-9\.1, xai\.grok-9\.3$/m)
    assert.deepEqual(requests, [PRICE_LIST_URL])
    const [row] = await shown(run, 'grok-9.1')
    assert.deepEqual([row?.input, row?.date, row?.source], ['3', '2026-11-28', PRICE_LIST_URL])
  })

  it('keeps prices that were set, and those that are no longer listed', async () => {
    const { run, store } = createListHost()
    await run('prices set xai.grok-4.3 --input 3 --output 15')
    await run('prices update')
    const shorter = { items: TRAPS.items.filter((_, index) => index < 6) }
    const other = createListHost(shorter)
    for (const price of await store.listPrices()) {
      await other.store.setPrice(price, {
        ...{ time: NOW, actor: 'cli', action: 'price.set', target: price.model, detail: '{}' },
      })
    }
    const { stdout } = await other.run('prices update --json')
    const result = JSON.parse(stdout)
    assert.deepEqual(result.models, ['xai.grok-4.3'])
    assert.deepEqual(result.kept, ['xai.grok-4.3'])
    assert.equal(result.missing.length, 18)
    const book = createPriceBook(await other.store.listPrices())
    assert.equal(book.find('xai.grok-4.3')?.source, 'operator')
    assert.equal(book.find('xai.grok-9.1')?.source, PRICE_LIST_URL)
  })

  const failures: [name: string, respond: () => Promise<Response>, message: RegExp][] = [
    ['another status', () => Promise.resolve(new Response('', { status: 503 })), /HTTP status 503/],
    ['a page instead of JSON', () => Promise.resolve(new Response('<html>')), /Cannot read https/],
    ['another format', () => Promise.resolve(Response.json({ rows: [] })), /another format/],
    [
      'no known row',
      () => Promise.resolve(Response.json({ items: [] })),
      /no row of a known model/,
    ],
    [
      'no network',
      () =>
        Promise.reject(
          new TypeError('fetch failed', { cause: new Error('getaddrinfo ENOTFOUND') }),
        ),
      /ENOTFOUND/,
    ],
  ]
  for (const [name, respond, message] of failures) {
    it(`changes nothing after ${name}`, async () => {
      const { host, store } = createStoreHost({ fetch: respond })
      const { status, stderr } = await runCli('prices update', host)
      assert.equal(status, 1)
      assert.match(stderr, message)
      assert.deepEqual(await store.listPrices(), [])
    })
  }
})
