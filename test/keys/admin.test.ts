import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { findBrokenRow } from '../../src/store/audit.ts'
import { chatOf, openKeyedGateway } from './gateway.ts'

const ADMIN = { GATEWAY_ADMIN_KEY: 'adm-secret' }
const key = 'adm-secret'

const PATHS: [method: string, path: string, body?: object][] = [
  ['GET', '/admin/v1/keys'],
  ['POST', '/admin/v1/keys', { name: 'x' }],
  ['GET', '/admin/v1/keys/alice'],
  ['PATCH', '/admin/v1/keys/alice', { disabled: true }],
  ['DELETE', '/admin/v1/keys/alice'],
  ['POST', '/admin/v1/keys/alice/rotate'],
  ['GET', '/admin/v1/teams'],
  ['POST', '/admin/v1/teams', { name: 'x' }],
  ['GET', '/admin/v1/teams/research'],
  ['PATCH', '/admin/v1/teams/research', { rpm: 1 }],
  ['GET', '/admin/v1/usage'],
  ['GET', '/admin/v1/prices'],
  ['POST', '/admin/v1/prices', { model: 'a', input: '1' }],
  ['GET', '/admin/v1/audit'],
  ['GET', '/admin/v1/nothing'],
]

describe('/admin/v1', () => {
  for (const [method, path, body] of PATHS) {
    it(`${method} ${path} needs the administration key`, async () => {
      const gateway = await openKeyedGateway({ env: ADMIN })
      const { text } = await gateway.createKey({ name: 'alice', team: 'research' })
      for (const wrong of [undefined, 'adm-wrong', text]) {
        const response = await gateway.send(path, { key: wrong, method, body })
        assert.equal(response.status, 401)
      }
      const none = await openKeyedGateway()
      await none.createKey({ name: 'alice', team: 'research' })
      assert.equal((await none.send(path, { key, method, body })).status, 404)
    })
  }

  it('limits the invalid keys of an address', async () => {
    const gateway = await openKeyedGateway({
      env: ADMIN,
      config: { limits: { failedAuthPerMinute: 2 } },
    })
    const statuses = []
    for (let count = 0; count < 3; count++) {
      statuses.push((await gateway.send('/admin/v1/keys', { key: 'adm-wrong' })).status)
    }
    assert.deepEqual(statuses, [401, 401, 429])
    assert.equal((await gateway.send('/admin/v1/keys', { key })).status, 200)
  })

  it('does not accept the administration key for models', async () => {
    const gateway = await openKeyedGateway({ env: ADMIN })
    await gateway.createKey({ name: 'alice' })
    assert.equal((await gateway.send('/v1/models', { key })).status, 401)
  })

  it('creates, changes, rotates and deletes a key, each with an audit row', async () => {
    const gateway = await openKeyedGateway({ env: ADMIN })
    const admin = async (method: string, path: string, body?: object) => {
      const response = await gateway.send(`/admin/v1${path}`, { key, method, body })
      return { status: response.status, json: await response.json() }
    }
    const settings = {
      ...{ name: 'alice', team: 'research', models: ['xai.*'], rpm: 60, tpm: 200_000 },
      ...{ concurrency: 4, budget: '100tokens/total', expires: '90d' },
    }
    const { status, json: created } = await admin('POST', '/keys', settings)
    assert.equal(status, 201)
    assert.match(created.key, /^ogk_[0-9A-Za-z]{43}$/)
    const { key: secret, ...shown } = created
    assert.deepEqual((await admin('GET', `/keys/${created.id}`)).json, shown)
    assert.deepEqual((await admin('GET', '/keys')).json, [shown])
    assert.deepEqual([shown.limits, shown.budget], [{ rpm: 60, tpm: 200_000, concurrency: 4 }, {
      ...{ limit: 100, spent: 0, reserved: 0, unit: 'tokens', period: 'total', renewsAt: null },
    }])
    const changed = await admin('PATCH', `/keys/${created.id}`, { disabled: true, rpm: null })
    assert.deepEqual([changed.json.disabled, changed.json.limits.rpm], [true, null])
    assert.equal(changed.json.limits.tpm, 200_000)
    await admin('PATCH', '/keys/alice', { disabled: false })
    const rotated = await admin('POST', `/keys/${created.id}/rotate`)
    assert.notEqual(rotated.json.key, secret)
    const chat = { key: rotated.json.key, body: chatOf('Hi') }
    assert.equal((await gateway.send('/v1/chat/completions', chat)).status, 200)
    const old = await gateway.send('/v1/chat/completions', { ...chat, key: secret })
    assert.equal(old.status, 401)
    const [usage] = (await admin('GET', '/usage?by=key,model&since=2020-01-01')).json
    assert.deepEqual([usage.key, usage.model, usage.requests], ['alice', 'xai.grok-4.3', 1])
    assert.match(usage.cost, /^0\.\d{9}$/)
    const team = await admin('PATCH', '/teams/research', { budget: '5/month' })
    assert.equal(team.json.budget.limit, '5.000000000')
    const price = await admin('POST', '/prices', { model: 'a.b', input: '3', output: 15 })
    assert.deepEqual([price.status, price.json.input, price.json.output], [201, '3', '15'])
    assert.deepEqual((await admin('DELETE', `/keys/${created.id}`)).json, {
      ...{ id: created.id, deleted: true },
    })
    assert.equal((await admin('GET', `/keys/${created.id}`)).status, 404)
    const { json: audit } = await admin('GET', '/audit')
    assert.deepEqual(audit.map(({ action }: { action: string }) => action), [
      ...['key.create', 'key.update', 'key.update', 'key.rotate', 'team.update', 'price.set'],
      'key.delete',
    ])
    assert.equal(findBrokenRow(audit), undefined)
    assert.ok(!JSON.stringify(audit).includes('ogk_'))
  })

  const invalid: [method: string, path: string, body: object, message: string][] = [
    ['POST', '/keys', {}, '"name" must be 1 to 100 characters'],
    ['POST', '/keys', { name: 'alice' }, '"name" must be unique: there is a key "alice" already'],
    ['POST', '/keys', { name: 'b', rpm: 0 }, '"rpm" must be a whole number of 1 or more'],
    ['POST', '/keys', { name: 'b', rpm: '9' }, '"rpm" must be a number'],
    ['POST', '/keys', { name: 'b', tpm: 1.5 }, '"tpm" must be a whole number of 1 or more'],
    [
      'POST',
      '/keys',
      { name: 'b', budget: 'lots' },
      '"budget" must be dollars or tokens per period',
    ],
    [
      'POST',
      '/keys',
      { name: 'b', expires: '3 weeks' },
      '"expires" must be a duration such as 90d',
    ],
    ['POST', '/keys', { name: 'b', models: ['a*b'] }, '"models" must be names of models'],
    [
      'POST',
      '/keys',
      { name: 'b', bugdet: '5/month' },
      'Unknown field "bugdet". Did you mean "budget"?',
    ],
    ['PATCH', '/keys/alice', { tpm: -1 }, '"tpm" must be a whole number of 1 or more'],
    ['POST', '/teams', { budget: '5/month' }, '"name" must be 1 to 100 characters'],
    ['POST', '/prices', { model: 'a', input: 'free' }, '"input" must be a number of USD'],
  ]
  for (const [method, path, body, message] of invalid) {
    it(`rejects ${method} ${path} with ${JSON.stringify(body)}`, async () => {
      const gateway = await openKeyedGateway({ env: ADMIN })
      await gateway.createKey({ name: 'alice' })
      const response = await gateway.send(`/admin/v1${path}`, { key, method, body })
      const { error } = await response.json()
      assert.deepEqual([response.status, error.code], [400, 'invalid_request'])
      assert.ok(error.message.startsWith(message), error.message)
    })
  }
})
