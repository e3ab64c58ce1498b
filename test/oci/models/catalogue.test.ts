import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { CATALOGUE } from '../../../src/oci/models/catalogue.ts'
import { modelProfile } from '../../../src/oci/models/profiles.ts'

const VENDORS = ['meta', 'xai', 'openai', 'google', 'cohere']

describe('CATALOGUE', () => {
  it('lists each model once', () => {
    assert.deepEqual([...new Set(CATALOGUE)], CATALOGUE)
  })

  for (const model of CATALOGUE) {
    it(`V16 lists ${model}, whose vendor is known`, () => {
      assert.ok(VENDORS.includes(modelProfile(model).vendor))
    })
  }
})
