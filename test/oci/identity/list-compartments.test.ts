import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ApiError } from '../../../src/errors.ts'
import { listCompartments } from '../../../src/oci/identity/list-compartments.ts'

const TENANCY = 'ocid1.tenancy.oc1..t'

interface Item {
  id: string
  name: string
  compartmentId?: string
  lifecycleState?: string
}

/** Lists with one page of answers after the other. */
async function list(...pages: unknown[]) {
  const urls: string[] = []
  const compartments = await listCompartments({
    identity: new URL('https://identity.example.com'),
    tenancy: TENANCY,
    send({ url }) {
      urls.push(`${url.pathname}${url.search}`)
      const headers = new Headers(urls.length < pages.length ? { 'opc-next-page': 'p 2' } : {})
      return Promise.resolve(Response.json(pages[urls.length - 1], { headers }))
    },
  }, { requestId: 'r', signal: new AbortController().signal })
  return { urls, compartments }
}

const FIRST: Item[] = [
  { id: 'c', name: 'research', compartmentId: 'a', lifecycleState: 'ACTIVE' },
  { id: 'd', name: 'old', compartmentId: TENANCY, lifecycleState: 'DELETED' },
]
const SECOND: Item[] = [
  { id: 'a', name: 'ai', compartmentId: TENANCY },
  { id: 'x', name: 'loop', compartmentId: 'x' },
]

describe('listCompartments()', () => {
  it('reads all pages and returns paths, sorted', async () => {
    const { urls, compartments } = await list(FIRST, SECOND)
    assert.deepEqual(compartments, [
      { id: 'a', path: 'ai' },
      { id: 'c', path: 'ai/research' },
      { id: 'x', path: 'loop' },
    ])
    const query = `/20160918/compartments?compartmentId=${TENANCY}&compartmentIdInSubtree=true` +
      '&accessLevel=ACCESSIBLE&limit=100'
    assert.deepEqual(urls, [query, `${query}&page=p+2`])
  })

  it('rejects an unknown shape', async () => {
    await assert.rejects(list({ items: [] }), (error) => {
      assert.ok(error instanceof ApiError && error.code === 'upstream_invalid_response')
      return true
    })
  })
})
