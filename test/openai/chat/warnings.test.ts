import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as v from 'valibot'
import { ChatCompletionRequest } from '../../../src/openai/chat/schema.ts'
import {
  findWarnings,
  isAcceptableMetadata,
  isServiceTier,
} from '../../../src/openai/chat/warnings.ts'
import { body } from './request.ts'

const cases: [name: string, asked: object, ...warnings: string[]][] = [
  ['finds none where all is known', { user: 'u', store: false, modalities: ['text'] }],
  ['finds none in nulls', { foo: null }],
  ['names each member nobody knows', { foo: 1, bar: false }, ...[
    'foo: not known, left out',
    'bar: not known, left out',
  ]],
  ['tells that no sound is made', { modalities: ['text', 'audio'] }, ...[
    'modalities: only text is produced',
  ]],
  ['tells of metadata OCI would refuse', { metadata: { a: 1 } }, ...[
    'metadata: more than 16 texts of 64 and 512 characters, left out',
  ]],
  ['tells of alternatives to tokens that nobody asked for', { top_logprobs: 1 }, ...[
    'top_logprobs: needs logprobs, left out',
  ]],
  ['finds none in alternatives to tokens', { logprobs: true, top_logprobs: 1 }],
  ['finds none in no metadata', { metadata: {} }],
  ['P25 tells of a tier OCI has no word for', { service_tier: 'flex' }, ...[
    'service_tier: not known to OCI, left out',
  ]],
]

const metadata: [name: string, pairs: Record<string, unknown>, isAcceptable: boolean][] = [
  ['one text', { a: 'b' }, true],
  ['none', {}, false],
  ['sixteen', pairs(16), true],
  ['seventeen', pairs(17), false],
  ['a key of 64 characters', { ['k'.repeat(64)]: '' }, true],
  ['a key of 65 characters', { ['k'.repeat(65)]: '' }, false],
  ['a text of 512 characters', { k: 'v'.repeat(512) }, true],
  ['a text of 513 characters', { k: 'v'.repeat(513) }, false],
  ['a number', { k: 1 }, false],
]

describe('findWarnings()', () => {
  for (const [name, asked, ...warnings] of cases) {
    it(name, () => {
      assert.deepEqual(findWarnings(v.parse(ChatCompletionRequest, body(asked))), warnings)
    })
  }
})

describe('isAcceptableMetadata()', () => {
  for (const [name, given, isAcceptable] of metadata) {
    it(`${isAcceptable ? 'takes' : 'refuses'} ${name}`, () => {
      assert.equal(isAcceptableMetadata(given), isAcceptable)
    })
  }
})

describe('isServiceTier()', () => {
  for (const tier of ['auto', 'default', 'priority']) {
    it(`takes ${tier}`, () => assert.equal(isServiceTier(tier), true))
  }

  for (const tier of ['flex', 'scale', 'AUTO', '', null, undefined]) {
    it(`refuses ${tier}`, () => assert.equal(isServiceTier(tier), false))
  }
})

function pairs(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, 'v']))
}
