import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { requestUsage } from '../../../src/oci/usage/request-usage.ts'

const PERIOD = { since: Date.UTC(2026, 10, 1), until: Date.UTC(2026, 10, 2) }

const page = (quantity: number) => ({
  items: [{
    skuPartNumber: 'B1',
    computedQuantity: quantity,
    timeUsageStarted: '2026-11-01T00:00:00Z',
  }],
})

/** Requests the usage from pages, the last of which has no token of a next one. */
async function request(pages: readonly unknown[], isEndless = false) {
  const tokens: (string | null)[] = []
  const usage = await requestUsage(
    {
      endpoint: new URL('https://usage.example'),
      tenancy: 't',
      send({ url }) {
        tokens.push(url.searchParams.get('page'))
        const at = Math.min(tokens.length, pages.length) - 1
        const hasNext = isEndless || at < pages.length - 1
        const headers = new Headers(hasNext ? { 'opc-next-page': `p${tokens.length}` } : {})
        return Promise.resolve(Response.json(pages[at], { headers }))
      },
    },
    PERIOD,
    { requestId: 'r', signal: new AbortController().signal },
  )
  return { tokens, quantities: usage.map(({ quantity }) => quantity) }
}

describe('requestUsage()', () => {
  it('reads all pages', async () => {
    const { tokens, quantities } = await request([page(1), page(2), page(3)])
    assert.deepEqual([tokens, quantities], [[null, 'p1', 'p2'], [1, 2, 3]])
  })

  it('rejects a list that does not end, instead of returning a part of the usage', async () => {
    await assert.rejects(request([page(1)], true), /more than 1000 pages/)
  })

  it('rejects an unknown shape', async () => {
    await assert.rejects(request([{ items: 1 }]), /unknown shape/)
  })
})
