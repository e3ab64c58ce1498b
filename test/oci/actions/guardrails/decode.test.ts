import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as v from 'valibot'
import type { ModerationVerdict } from '../../../../src/moderation/model.ts'
import { decodeVerdict } from '../../../../src/oci/actions/guardrails/decode.ts'
import { ApplyGuardrailsResult } from '../../../../src/oci/actions/guardrails/wire.ts'

const EMAIL = { offset: 11, length: 11, text: 'a@b.example', label: 'EMAIL', score: 0.95 }
const NOTHING: ModerationVerdict = {
  categories: [],
  personal: undefined,
  promptInjection: undefined,
  version: undefined,
}

type Case = [name: string, answer: object, verdict: Partial<ModerationVerdict>]

const cases: Case[] = [
  ['reads all findings', {
    results: {
      contentModeration: { categories: [{ name: 'OVERALL', score: 0.0 }] },
      personallyIdentifiableInformation: [{ ...EMAIL, more: 1 }],
      promptInjection: { score: 1.0 },
    },
    guardrailVersion: { version: '1.0' },
  }, {
    categories: [{ name: 'OVERALL', score: 0, modalities: [] }],
    personal: [EMAIL],
    promptInjection: { score: 1, modalities: [] },
    version: '1.0',
  }],
  ['reads the modalities of a finding', {
    results: {
      contentModeration: {
        categories: [{ name: 'OVERALL', score: 1, flaggedModalities: ['TEXT', 'IMAGE', 'SMELL'] }],
      },
      promptInjection: { score: 1, flaggedModalities: ['IMAGE'] },
    },
  }, {
    categories: [{ name: 'OVERALL', score: 1, modalities: ['text', 'image'] }],
    promptInjection: { score: 1, modalities: ['image'] },
  }],
  ['distinguishes no finding from no detection', {
    results: { personallyIdentifiableInformation: [] },
  }, { personal: [] }],
  ['returns nothing without detection', { results: {} }, {}],
  ['accepts null members', {
    results: {
      contentModeration: null,
      personallyIdentifiableInformation: null,
      promptInjection: null,
    },
    guardrailVersion: null,
  }, {}],
]

describe('decodeVerdict()', () => {
  for (const [name, answer, verdict] of cases) {
    it(name, () => {
      const decoded = decodeVerdict(v.parse(ApplyGuardrailsResult, answer))
      assert.deepEqual(decoded, { ...NOTHING, ...verdict })
    })
  }
})
