import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { KeyRecord } from '../../../src/store/records.ts'
import { FakeOutput, runCli } from '../fake-host.ts'
import { createStoreHost, ledgerRow, NOW, writeRows } from '../store-host.ts'

const DAY = 86_400_000

function key(name: string, team?: string): KeyRecord {
  return {
    ...{ id: `id-of-${name}`, name, hash: name, team, models: [], limits: {} },
    ...{ expiresAt: undefined, compartmentId: undefined, attribution: true, disabled: false },
    ...{ createdAt: NOW, lastUsedAt: undefined },
  }
}

/** Two keys, four requests on two days, one of a model without a price. */
async function createUsage() {
  const { host, store } = createStoreHost()
  const change = { time: NOW, actor: 'cli', action: 'key.create', target: '', detail: '{}' }
  await store.createKey(key('alice', 'research'), change)
  await store.createKey(key('bob'), change)
  const alice = { key: 'id-of-alice', team: 'research', person: '=cmd|"x"', session: 's1' }
  await writeRows(store, [
    ledgerRow({ ...alice, time: NOW - DAY, cost: 1_234_567, cachedTokens: 50 }),
    ledgerRow({ ...alice, cost: 1, reasoningTokens: 7, estimated: true }),
    ledgerRow({ ...alice, model: 'xai.grok-4.7', cost: undefined, partNumber: undefined }),
    ledgerRow({ key: 'id-of-bob', status: 500, outcome: 'failed', cost: 0, promptTokens: 0 }),
    ledgerRow({ key: 'id-of-gone', completionTokens: 1 }),
  ])
  return (line: string) => {
    const stdout = new FakeOutput()
    return runCli(line, { ...host, stdout, stderr: new FakeOutput() })
  }
}

describe('usage', () => {
  it('--format json groups by the names of keys, and has money as text', async () => {
    const run = await createUsage()
    const { stdout, status } = await run('usage --by key,model --format json')
    assert.equal(status, 0)
    const rows: Record<string, unknown>[] = JSON.parse(stdout)
    const byKey = rows.map(({ key, model, requests, errors, cost, estimated }) =>
      [key, model, requests, errors, cost, estimated].join(' ')
    )
    assert.deepEqual(byKey.toSorted(), [
      'alice xai.grok-4.3 2 0 0.001234568 true',
      'alice xai.grok-4.7 1 0  false',
      'bob xai.grok-4.3 1 1 0.000000000 false',
      'id-of-gone xai.grok-4.3 1 0 0.000150000 false',
    ])
    assert.deepEqual(rows.find((row) => row['model'] === 'xai.grok-4.7'), {
      ...{ key: 'alice', model: 'xai.grok-4.7', requests: 1, errors: 0 },
      ...{ promptTokens: 100, cachedTokens: 0, completionTokens: 10, reasoningTokens: 0 },
      ...{ promptCharacters: 400, answerCharacters: 40, searchUnits: 0 },
      ...{ cost: null, withoutCost: 1, estimated: false },
    })
  })

  const groups: [flags: string, groups: string[]][] = [
    ['--by day', ['2026-11-27', '2026-11-28']],
    ['--by day --since 2026-11-28', ['2026-11-28']],
    ['--by day --until 2026-11-28', ['2026-11-27']],
    ['--by day --since 2026-11-28T12:00Z --until 2026-11-28T12:00:00.001Z', ['2026-11-28']],
    ['--by day --since 2026-11-28T13:00+01:00', ['2026-11-28']],
    ['--by day --since 2026-11-28T12:00:01', []],
    ['--by team', [',research']],
    ['--by key --team research', ['alice']],
    ['--by key --key bob', ['bob']],
    ['--by region', ['us-chicago-1']],
  ]
  for (const [flags, expected] of groups) {
    it(`groups with ${flags}`, async () => {
      const run = await createUsage()
      const { stdout } = await run(`usage ${flags} --format json`)
      const rows: Record<string, unknown>[] = JSON.parse(stdout)
      const [, name = ''] = flags.split(' ')
      const values = rows.map((row) => String(row[name] ?? ''))
      assert.deepEqual(values, expected.flatMap((value) => value.split(',')))
    })
  }

  it('prints a table, and says which requests have no cost', async () => {
    const run = await createUsage()
    const { stdout, stderr } = await run('usage')
    assert.match(
      stdout,
      /^KEY +MODEL +REQUESTS +ERRORS +PROMPT +CACHED +COMPLETION +REASONING +COST/,
    )
    assert.match(stdout, /^alice +xai\.grok-4\.3 +2 +0 +200 +50 +20 +7 +~0\.001234568$/m)
    assert.match(stdout, /^alice +xai\.grok-4\.7 +1 .* –$/m)
    assert.equal(stderr, '1 requests have no cost, because their model has no price\n')
  })

  it('--format csv quotes cells, and no cell is a formula', async () => {
    const run = await createUsage()
    const { stdout } = await run('usage --by person,session --format csv --team research')
    const [header, row] = stdout.split('\r\n')
    assert.match(header ?? '', /^person,session,requests,errors,promptTokens,.*,cost,withoutCost,/)
    assert.equal(row, `"'=cmd|""x""",s1,3,0,300,50,30,7,1200,120,0,0.001234568,1,true`)
  })

  const invalid: [line: string, message: RegExp][] = [
    ['usage --by keys', /Unknown value of --by "keys"\. Did you mean key\?/],
    ['usage --since yesterday', /--since must be a day or a time/],
    ['usage --until 2026-02-30', /--until must be a day or a time/],
    ['usage --since 2026-11-02 --until 2026-11-02', /^--since must be before --until/],
    ['usage --key alcie', /Unknown key "alcie"\. Did you mean alice\?/],
    ['usage --format xml', /Unknown value of --format/],
  ]
  for (const [line, message] of invalid) {
    it(`rejects ${line}`, async () => {
      const run = await createUsage()
      const { status, stderr } = await run(line)
      assert.equal(status, 2)
      assert.match(stderr, message)
    })
  }
})
