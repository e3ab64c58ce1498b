import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { describe, it } from 'node:test'
import { caseIds, findCases, LEFT_OUT, renderIndex } from '../tools/case-index.ts'

describe('docs/cases.md', () => {
  it('leaves no case without a test or a reason', async () => {
    const cases = await findCases()
    const missing = cases.filter(({ id, tests }) => tests.length === 0 && !LEFT_OUT.has(id))
    assert.deepEqual(missing.map(({ id }) => id), [])
  })

  it('gives no reason for a case that has a test', async () => {
    const known = new Set(caseIds())
    const cases = await findCases()
    const tested = cases.filter(({ tests }) => tests.length > 0).map(({ id }) => id)
    assert.deepEqual(tested.filter((id) => LEFT_OUT.has(id)), [])
    assert.deepEqual([...LEFT_OUT.keys()].filter((id) => !known.has(id)), [])
  })

  it('is what npm run docs writes', async () => {
    const page = await readFile(new URL('../docs/cases.md', import.meta.url), 'utf8')
    assert.equal(page, renderIndex(await findCases()))
  })
})
