import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { describe, it } from 'node:test'
import { withFamilies } from '../tools/families.ts'
import { withLimits } from '../tools/limits.ts'

describe('README.md', () => {
  it('has the table of families that npm run docs writes', async () => {
    const page = await readFile(new URL('../README.md', import.meta.url), 'utf8')
    assert.equal(page, withFamilies(page))
    assert.match(page, /`meta\.llama-3\.3-70b-instruct`.*\| GENERIC \|/)
  })
})

describe('docs/reliability.md', () => {
  it('has the table of limits that npm run docs writes', async () => {
    const page = await readFile(new URL('../docs/reliability.md', import.meta.url), 'utf8')
    assert.equal(page, withLimits(page))
    assert.match(page, /`limits\.maxTools` \| .* \| 1024 \|/)
  })
})
