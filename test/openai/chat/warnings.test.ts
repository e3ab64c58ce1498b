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

const cases: [name: string, payload: object, ...warnings: string[]][] = [
  ['finds none when all members are known', { user: 'u', store: false, modalities: ['text'] }],
  ['finds none for null', { foo: null }],
  ['names each unknown member', { foo: 1, bar: false }, ...[
    'foo: not known, left out',
    'bar: not known, left out',
  ]],
  ['warns of audio output', { modalities: ['text', 'audio'] }, ...[
    'modalities: only text is produced',
  ]],
  ['warns of metadata that OCI rejects', { metadata: { a: 1 } }, ...[
    'metadata: must be at most 16 strings, keys of 64 and values of 512 characters, left out',
  ]],
  ['warns of top_logprobs without logprobs', { top_logprobs: 1 }, ...[
    'top_logprobs: needs logprobs, left out',
  ]],
  ['finds none for top_logprobs with logprobs', { logprobs: true, top_logprobs: 1 }],
  ['finds none for empty metadata', { metadata: {} }],
  ['P25 warns of a tier that OCI does not have', { service_tier: 'flex' }, ...[
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
  for (const [name, payload, ...warnings] of cases) {
    it(name, () => {
      assert.deepEqual(findWarnings(v.parse(ChatCompletionRequest, body(payload))), warnings)
    })
  }
})

describe('isAcceptableMetadata()', () => {
  for (const [name, value, isAcceptable] of metadata) {
    it(`${isAcceptable ? 'accepts' : 'rejects'} ${name}`, () => {
      assert.equal(isAcceptableMetadata(value), isAcceptable)
    })
  }
})

describe('isServiceTier()', () => {
  for (const tier of ['auto', 'default', 'priority']) {
    it(`accepts ${tier}`, () => assert.equal(isServiceTier(tier), true))
  }

  for (const tier of ['flex', 'scale', 'AUTO', '', null, undefined]) {
    it(`rejects ${tier}`, () => assert.equal(isServiceTier(tier), false))
  }
})

function pairs(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, 'v']))
}
