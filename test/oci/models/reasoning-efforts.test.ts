import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ReasoningEffort } from '../../../src/chat/levels.ts'
import { COMMON_EFFORTS, nearestEffort } from '../../../src/oci/models/reasoning-efforts.ts'

const GROK_4_7: ReasoningEffort[] = ['low', 'medium', 'high', 'xhigh']
const GROK_4_3: ReasoningEffort[] = ['none', 'low', 'medium', 'high']

const cases: [
  effort: ReasoningEffort,
  allowed: readonly ReasoningEffort[],
  nearest: ReasoningEffort | undefined,
][] = [
  ['low', GROK_4_7, 'low'],
  ['none', GROK_4_7, 'low'],
  ['minimal', GROK_4_7, 'low'],
  ['xhigh', GROK_4_7, 'xhigh'],
  ['max', GROK_4_7, 'xhigh'],
  ['none', GROK_4_3, 'none'],
  // Not off, which is as near.
  ['minimal', GROK_4_3, 'low'],
  ['xhigh', GROK_4_3, 'high'],
  ['max', COMMON_EFFORTS, 'high'],
  ['medium', ['high', 'low'], 'low'],
  ['high', ['none'], 'none'],
  ['high', [], undefined],
]

describe('nearestEffort()', () => {
  for (const [effort, allowed, nearest] of cases) {
    it(`R-A7 finds ${nearest} for ${effort} in ${allowed.join(', ')}`, () => {
      assert.equal(nearestEffort(effort, allowed), nearest)
    })
  }
})
