import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { nearestNames } from '../src/nearest-names.ts'

const NAMES = ['openai.gpt-5', 'openai.gpt-5-mini', 'openai.gpt-4.1', 'xai.grok-4', 'xai.grok-3']

const cases: [name: string, nearest: string[]][] = [
  ['openai.gpt5', ['openai.gpt-5', 'openai.gpt-4.1', 'openai.gpt-5-mini']],
  ['OPENAI.GPT-5-MINI', ['openai.gpt-5-mini', 'openai.gpt-5', 'openai.gpt-4.1']],
  ['grok-3', ['xai.grok-3', 'xai.grok-4']],
  ['xia.grok-4', ['xai.grok-4', 'xai.grok-3']],
  ['claude', []],
  ['', []],
  ['x', []],
]

describe('nearestNames()', () => {
  for (const [name, nearest] of cases) {
    it(`E14 suggests ${nearest.join(', ') || 'nothing'} for "${name}"`, () => {
      assert.deepEqual(nearestNames(name, NAMES), nearest)
    })
  }

  it('E14 does not suggest the requested name', () => {
    assert.deepEqual(nearestNames('xai.grok-4', NAMES), ['xai.grok-3'])
  })

  it('suggests at most three names, the nearest first', () => {
    const names = ['model-1xyz', 'model-1x', 'model-1xy', 'model-1xyzz']
    assert.deepEqual(nearestNames('model-1', names), ['model-1x', 'model-1xy', 'model-1xyz'])
  })

  it('finds mistyped short names', () => {
    assert.equal(nearestNames('--prot', ['--host', '--port', '--profile'])[0], '--port')
    assert.equal(nearestNames('serv', ['serve', 'version'])[0], 'serve')
    assert.equal(nearestNames('doctro', ['demo', 'doctor', 'models'])[0], 'doctor')
  })

  it('suggests nothing without names', () => {
    assert.deepEqual(nearestNames('openai.gpt-5', []), [])
  })
})
