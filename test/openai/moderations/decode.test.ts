import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as v from 'valibot'
import { ApiError } from '../../../src/errors.ts'
import type { ModerationSubject } from '../../../src/moderation/model.ts'
import { decodeRequest } from '../../../src/openai/moderations/decode.ts'
import { ModerationsRequest } from '../../../src/openai/moderations/schema.ts'

const PNG = 'data:image/png;base64,iVBORw0KGgo='
const A = { type: 'text', text: 'a' } as const
const B = { type: 'text', text: 'b' } as const
const IMAGE = { type: 'image_url', image_url: { url: PNG } }

type Case = [name: string, input: unknown, subjects: ModerationSubject[]]

const cases: Case[] = [
  ['V18 decodes a text', 'a', [[A]]],
  ['V18 decodes each of several texts as a subject', ['a', 'b'], [[A], [B]]],
  ['decodes parts as one subject', [A, IMAGE], [
    [A, { type: 'image', url: PNG, param: 'input[1].image_url.url' }],
  ]],
  ['decodes a string among parts as a part', ['a', B], [[A, B]]],
  ['decodes one part', [A], [[A]]],
]

describe('decodeRequest() of moderations', () => {
  for (const [name, input, subjects] of cases) {
    it(name, () => assert.deepEqual(decode(input), { subjects }))
  }

  it('rejects the web address of an image', () => {
    const input = [A, { type: 'image_url', image_url: { url: 'https://example.com/a.png' } }]
    assert.throws(() => decode(input), (thrown) => {
      assert.ok(thrown instanceof ApiError)
      assert.deepEqual([thrown.code, thrown.param], [
        'unsupported_content',
        'input[1].image_url.url',
      ])
      return true
    })
  })
})

describe('ModerationsRequest', () => {
  const wrong: [name: string, input: unknown, path: string][] = [
    ['no input', undefined, 'input'],
    ['an empty text', '', 'input'],
    ['an empty list', [], 'input'],
    ['an empty text in a list', ['a', ''], 'input.1'],
    ['a number', 1, 'input'],
    ['a number in a list', ['a', 1], 'input.1'],
  ]
  for (const [name, input, path] of wrong) {
    it(`rejects ${name}`, () => {
      const { success, issues } = v.safeParse(ModerationsRequest, { input })
      assert.ok(!success)
      assert.equal(v.getDotPath(issues[0]), path)
    })
  }
})

function decode(input: unknown) {
  return decodeRequest(v.parse(ModerationsRequest, { input }))
}
