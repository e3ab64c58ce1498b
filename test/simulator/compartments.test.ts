import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { type Caller, createCaller } from './caller.ts'

const CHILD = `ocid1.compartment.oc1..${'aaaaaaaasimulatorcompartment'.padEnd(40, 'a')}ai`
  .padEnd(83, 'a')

describe('answerCompartments()', () => {
  let caller: Caller
  before(async () => {
    caller = await createCaller()
  })

  async function get(query: Readonly<Record<string, string>>) {
    const path = `/20160918/compartments?${new URLSearchParams(query)}`
    const response = await caller.send({ method: 'GET', path })
    const json: { name: string; code: string }[] | { code: string } = await response.json()
    const next = response.headers.get('opc-next-page')
    const names = Array.isArray(json) ? json.map(({ name }) => name) : []
    return { status: response.status, next, names, code: 'code' in json ? json.code : undefined }
  }

  it('returns an array on several pages', async () => {
    const own = { compartmentId: caller.identity.tenancy, compartmentIdInSubtree: 'true' }
    const first = await get(own)
    assert.equal(first.names.length, 10)
    const second = await get({ ...own, page: first.next ?? '' })
    assert.deepEqual(second, {
      status: 200,
      next: null,
      names: ['security', 'staging', 'legacy'],
      code: undefined,
    })
  })

  it('returns the children of a compartment, and filters', async () => {
    const { tenancy } = caller.identity
    const direct = await get({ compartmentId: tenancy, lifecycleState: 'ACTIVE' })
    assert.deepEqual(direct.names, [
      ...['ai', 'billing', 'data', 'dev', 'network', 'prod', 'security', 'staging'],
    ])
    assert.deepEqual((await get({ compartmentId: CHILD })).names, ['chat', 'research', 'sandbox'])
    assert.deepEqual((await get({ compartmentId: tenancy, name: 'legacy' })).names, ['legacy'])
  })

  const refused: [name: string, query: Record<string, string>, status: number][] = [
    ['requires a compartment', {}, 400],
    [
      'requires the tenancy for a subtree',
      { compartmentIdInSubtree: 'true', compartmentId: CHILD },
      400,
    ],
    ['rejects an unknown access level', { accessLevel: 'ALL', compartmentId: CHILD }, 400],
    ['rejects an unknown parameter', { subtree: 'true', compartmentId: CHILD }, 400],
    ['rejects another tenancy', { compartmentId: 'ocid1.tenancy.oc1..other' }, 404],
  ]
  for (const [name, query, status] of refused) {
    it(name, async () => {
      const result = await get(query)
      const code = status === 400 ? 'InvalidParameter' : 'NotAuthorizedOrNotFound'
      assert.deepEqual([result.status, result.code], [status, code])
    })
  }
})
