import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { hashKey } from '../../../src/access/create-key.ts'
import { FakeOutput, runCli } from '../fake-host.ts'
import { createStoreHost } from '../store-host.ts'

function openCli() {
  const { host, store } = createStoreHost()
  const run = async (line: string) => {
    const own = { ...host, stdout: new FakeOutput(), stderr: new FakeOutput() }
    const { status, stdout, stderr } = await runCli(line, own)
    return { status, stdout, stderr, json: () => JSON.parse(stdout) }
  }
  return { run, store }
}

const CREATE = 'keys create alice --team research --models xai.* --rpm 60 --tpm 200000 ' +
  '--concurrency 4 --budget 5/month --expires 90d'

describe('keys', () => {
  it('creates a key that is printed once, and lists it without the key', async () => {
    const { run, store } = openCli()
    const created = (await run(`${CREATE} --json`)).json()
    const { key, ...shown } = created
    assert.match(key, /^ogk_[0-9A-Za-z]{43}$/)
    assert.equal((await store.findKey(await hashKey(key)))?.id, created.id)
    assert.deepEqual([shown.name, shown.team, shown.models], ['alice', 'research', ['xai.*']])
    assert.deepEqual(shown.limits, { rpm: 60, tpm: 200_000, concurrency: 4 })
    assert.deepEqual([shown.budget.limit, shown.budget.spent, shown.budget.reserved], [
      ...['5.000000000', '0.000000000', '0.000000000'],
    ])
    assert.match(shown.budget.renewsAt, /-01T00:00:00\.000Z$/)
    assert.deepEqual([shown.disabled, shown.lastUsedAt], [false, null])
    assert.equal(Date.parse(shown.expiresAt) - Date.parse(shown.createdAt), 90 * 86_400_000)
    assert.deepEqual((await run('keys list --json')).json(), [shown])
    assert.deepEqual((await run('keys show alice --json')).json(), shown)
    assert.deepEqual((await run(`keys show ${shown.id} --json`)).json(), shown)
    const table = await run('keys list')
    assert.match(table.stdout, /alice +research +xai\.\* +60 requests\/min/)
    assert.ok(!table.stdout.includes('ogk_'))
  })

  it('writes only the key to standard output', async () => {
    const { run } = openCli()
    const { stdout, stderr } = await run('keys create alice')
    assert.match(stdout, /^ogk_[0-9A-Za-z]{43}\n$/)
    assert.match(stderr, /cannot be shown again/)
  })

  it('disables, enables, rotates, updates and revokes a key', async () => {
    const { run, store } = openCli()
    const { key } = (await run(`${CREATE} --json`)).json()
    assert.equal((await run('keys disable alice --json')).json().disabled, true)
    assert.equal((await run('keys enable alice --json')).json().disabled, false)
    const rotated = (await run('keys rotate alice --json')).json()
    assert.notEqual(rotated.key, key)
    assert.equal(await store.findKey(await hashKey(key)), undefined)
    assert.equal((await store.findKey(await hashKey(rotated.key)))?.name, 'alice')
    const updated = (await run('keys update alice --rpm none --budget 9tokens/day --json')).json()
    assert.deepEqual([updated.limits.rpm, updated.limits.tpm, updated.budget.limit], [
      ...[null, 200_000, 9],
    ])
    assert.equal((await run('keys revoke alice --json')).json().deleted, true)
    assert.equal(await store.hasKeys(), false)
    const actions = (await store.audit({ after: 0, limit: 100 })).map(({ action }) => action)
    assert.deepEqual(actions, [
      ...['key.create', 'key.disable', 'key.enable', 'key.rotate', 'key.update', 'key.delete'],
    ])
  })

  it('sets the limits of a team', async () => {
    const { run } = openCli()
    await run(CREATE)
    assert.equal((await run('keys team research --json')).json().budget, null)
    const { budget } = (await run('keys team research --budget 50/month --json')).json()
    assert.equal(budget.limit, '50.000000000')
  })

  const invalid: [line: string, message: RegExp][] = [
    ['keys create', /^NAME is missing/],
    ['keys create alice', /^"name" must be unique: there is a key "alice" already/],
    ['keys create bob --rpm many', /^"rpm" must be a whole number of 1 or more/],
    ['keys create bob --budget 5/year', /^"budget" must be dollars or tokens per period/],
    ['keys create bob --expires 2020-01-01', /^"expires" must be in the future/],
    ['keys create bob --expires 2999-02-30', /^"expires" must be a duration/],
    ['keys create bob --expires soon', /^"expires" must be a duration such as 90d/],
    ['keys show alcie', /^Unknown key "alcie"\. Did you mean alice\?/],
    ['keys revoke nothing-like-it', /^Unknown key "nothing-like-it"\. Known: alice/],
    ['keys team sales', /^Unknown team "sales"/],
  ]
  for (const [line, message] of invalid) {
    it(`rejects "${line}"`, async () => {
      const { run } = openCli()
      await run(CREATE)
      const { status, stderr } = await run(line)
      assert.equal(status, 2)
      assert.match(stderr, message)
    })
  }
})
