import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import fc from 'fast-check'
import type { KeyedGateway } from './gateway.ts'
import { checkHistory, openHistories, sum } from './histories.ts'
import { ESTIMATED, KINDS, requestsOf } from './history-requests.ts'

const RUNS = 25
const COUNTED = KINDS.filter((kind) => !ESTIMATED.includes(kind))

let gateway: KeyedGateway

before(async () => {
  gateway = await openHistories()
})

describe('random histories of a key', () => {
  it('never exceed a limit, and leave nothing reserved', async () => {
    await fc.assert(
      fc.asyncProperty(requestsOf(KINDS), async (requests) => {
        await checkHistory(requests)
      }),
      { numRuns: RUNS },
    )
  })

  it('have the tokens in the ledger that OCI has counted', async () => {
    await fc.assert(
      fc.asyncProperty(requestsOf(COUNTED, 6), async (requests) => {
        const before = gateway.counted
        const rows = await checkHistory(requests)
        const { prompt, completion } = gateway.counted
        assert.equal(sum(rows, 'promptTokens'), prompt - before.prompt)
        assert.equal(sum(rows, 'completionTokens'), completion - before.completion)
        assert.ok(rows.every(({ estimated }) => !estimated))
      }),
      { numRuns: RUNS },
    )
  })
})
