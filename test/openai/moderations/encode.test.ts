import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { CategoryScore, ModerationVerdict } from '../../../src/moderation/model.ts'
import { encodeReply, type ModerationResult } from '../../../src/openai/moderations/encode.ts'

const EMAIL = { offset: 11, length: 11, text: 'a@b.example', label: 'EMAIL', score: 0.95 }
const CLEAN: ModerationVerdict = {
  categories: [score('OVERALL', 0), score('BLOCKLIST', 0)],
  personal: [],
  promptInjection: { score: 0, modalities: [] },
  version: '1.0',
}

describe('encodeReply() of moderations', () => {
  it('V18 encodes a result for each verdict', () => {
    const { id, model, results } = encodeReply([CLEAN, CLEAN], { id: 'modr-1', model: 'm' })
    assert.deepEqual({ id, model, count: results.length }, { id: 'modr-1', model: 'm', count: 2 })
  })

  it("V18 adds OCI's findings", () => {
    assert.deepEqual(encode({ personal: [EMAIL] }).oci, {
      contentModeration: {
        categories: [{ name: 'OVERALL', score: 0 }, { name: 'BLOCKLIST', score: 0 }],
      },
      personallyIdentifiableInformation: [EMAIL],
      promptInjection: { score: 0 },
      guardrailVersion: { version: '1.0' },
    })
  })

  it('omits what OCI did not check', () => {
    const nothing = { personal: undefined, promptInjection: undefined, version: undefined }
    assert.deepEqual(encode({ ...nothing, categories: [] }).oci, {
      contentModeration: { categories: [] },
    })
  })

  it("has the modalities in OCI's form", () => {
    const promptInjection = { score: 1, modalities: ['text', 'image'] as const }
    const { oci } = encode({ categories: [], promptInjection })
    assert.deepEqual(oci, {
      contentModeration: { categories: [] },
      personallyIdentifiableInformation: [],
      promptInjection: { score: 1, flaggedModalities: ['TEXT', 'IMAGE'] },
      guardrailVersion: { version: '1.0' },
    })
  })

  const flags: [name: string, verdict: Partial<ModerationVerdict>, flagged: boolean][] = [
    ['V18 does not flag a harmless text', {}, false],
    ['V18 flags a harmful text', { categories: [score('OVERALL', 1)] }, true],
    [
      'flags a word on the blocklist',
      { categories: [score('OVERALL', 0), score('BLOCKLIST', 1)] },
      true,
    ],
    ['flags a new category', { categories: [score('SPAM', 0.7)] }, true],
    ['does not flag a low score', { categories: [score('OVERALL', 0.4)] }, false],
    ['does not flag personal data', { personal: [EMAIL] }, false],
    ['does not flag an injection', { promptInjection: { score: 1, modalities: [] } }, false],
  ]
  for (const [name, verdict, flagged] of flags) {
    it(name, () => assert.equal(encode(verdict).flagged, flagged))
  }

  it("sets none of OpenAI's categories for OVERALL", () => {
    const result = encode({ categories: [score('OVERALL', 1)] })
    assert.equal(Object.keys(result.categories).length, 13)
    assert.deepEqual(new Set(Object.values(result.categories)), new Set([false]))
    assert.deepEqual(new Set(Object.values(result.category_scores)), new Set([0]))
    assert.deepEqual(Object.values(result.category_applied_input_types).flat(), [])
  })

  const counterparts: [name: string, category: keyof ModerationResult['categories']][] = [
    ['HARASSMENT', 'harassment'],
    ['HATE', 'hate'],
    ['ILLICIT', 'illicit'],
    ['SELF_HARM', 'self-harm'],
    ['SEXUAL', 'sexual'],
    ['violence', 'violence'],
  ]
  for (const [name, category] of counterparts) {
    it(`sets ${category} for OCI's ${name}`, () => {
      const result = encode({ categories: [{ ...score(name, 1), modalities: ['image'] }] })
      assert.equal(result.categories[category], true)
      assert.equal(result.category_scores[category], 1)
      assert.deepEqual(result.category_applied_input_types[category], ['image'])
      assert.equal(Object.values(result.categories).filter(Boolean).length, 1)
    })
  }

  it('reports a single text as text', () => {
    const result = encode({ categories: [score('HATE', 0)] })
    assert.equal(result.categories.hate, false)
    assert.deepEqual(result.category_applied_input_types.hate, ['text'])
  })
})

function encode(verdict: Partial<ModerationVerdict>): ModerationResult {
  const { results } = encodeReply([{ ...CLEAN, ...verdict }], { id: 'modr-1', model: 'm' })
  return results[0] ?? assert.fail('no result')
}

function score(name: string, score: number): CategoryScore {
  return { name, score, modalities: [] }
}
