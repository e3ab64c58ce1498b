import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { nearestNames } from '../../../src/oci/models/suggest.ts'

const NAMES = ['openai.gpt-5', 'openai.gpt-5-mini', 'openai.gpt-4.1', 'xai.grok-4', 'xai.grok-3']

const cases: [asked: string, nearest: string[]][] = [
  ['openai.gpt5', ['openai.gpt-5', 'openai.gpt-4.1', 'openai.gpt-5-mini']],
  ['OPENAI.GPT-5-MINI', ['openai.gpt-5-mini', 'openai.gpt-5', 'openai.gpt-4.1']],
  ['grok-3', ['xai.grok-3', 'xai.grok-4']],
  ['claude', []],
  ['', []],
  ['x', []],
]

describe('nearestNames()', () => {
  for (const [asked, nearest] of cases) {
    it(`E14 offers for "${asked}" ${nearest.join(', ') || 'nothing'}`, () => {
      assert.deepEqual(nearestNames(asked, NAMES), nearest)
    })
  }

  it('E14 does not offer the name that was asked for', () => {
    assert.deepEqual(nearestNames('xai.grok-4', NAMES), ['xai.grok-3'])
  })

  it('offers three names at most, the nearest first', () => {
    const names = ['model-1xyz', 'model-1x', 'model-1xy', 'model-1xyzz']
    assert.deepEqual(nearestNames('model-1', names), ['model-1x', 'model-1xy', 'model-1xyz'])
  })

  it('offers nothing where there is nothing', () => {
    assert.deepEqual(nearestNames('openai.gpt-5', []), [])
  })
})
