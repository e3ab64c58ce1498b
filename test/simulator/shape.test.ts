import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { findProblem, type Shape } from '../../src/simulator/shape.ts'

const PART: Shape = {
  tag: 'type',
  variants: { text: { text: 'string' }, any: 'object' },
  defaultVariant: 'text',
}
const SHAPE: Shape = {
  fields: {
    name: 'string',
    'count?': 'integer',
    'share?': 'number',
    'open?': 'boolean',
    'extra?': 'object',
    'word?': { enum: ['a', 'b'] },
    'parts?': { items: PART },
    'content?': { anyOf: ['string', { items: PART }] },
  },
}

const cases: [name: string, value: unknown, problem: string | undefined][] = [
  ['accepts required members', { name: 'x' }, undefined],
  ['accepts null for optional members', { name: 'x', count: null }, undefined],
  ['rejects a missing member', {}, 'missing_required_parameter name'],
  ['rejects null for a required member', { name: null }, 'missing_required_parameter name'],
  ['rejects an unknown member', { name: 'x', size: 1 }, 'unknown_parameter size'],
  ['rejects a value that is not an object', [], 'invalid_type '],
  ['rejects a decimal for an integer', { name: 'x', count: 1.5 }, 'invalid_type count'],
  ['accepts a decimal for a number', { name: 'x', share: 1.5 }, undefined],
  ['rejects a string for a boolean', { name: 'x', open: 'true' }, 'invalid_type open'],
  ['rejects an array for an object', { name: 'x', extra: [] }, 'invalid_type extra'],
  ['accepts any object for object', { name: 'x', extra: { a: 1 } }, undefined],
  ['rejects an unknown enum value', { name: 'x', word: 'c' }, 'invalid_value word'],
  ['rejects a number for an enum', { name: 'x', word: 1 }, 'invalid_type word'],
  [
    'returns the path in an array',
    { name: 'x', parts: [{ text: 'a' }, {}] },
    'missing_required_parameter parts[1].text',
  ],
  [
    'accepts a variant by its tag',
    { name: 'x', parts: [{ type: 'any', colour: 'red' }] },
    undefined,
  ],
  ['accepts the default variant without a tag', { name: 'x', parts: [{ text: 'a' }] }, undefined],
  [
    'rejects an unknown variant',
    { name: 'x', parts: [{ type: 'toString' }] },
    'invalid_value parts[0].type',
  ],
  ['accepts the first alternative', { name: 'x', content: 'a' }, undefined],
  ['accepts the second alternative', { name: 'x', content: [{ text: 'a' }] }, undefined],
  [
    'reports the problem of the matching alternative',
    { name: 'x', content: [{ text: 1 }] },
    'invalid_type content[0].text',
  ],
  ['rejects a value of no alternative', { name: 'x', content: 1 }, 'invalid_type content'],
]

describe('findProblem()', () => {
  for (const [name, value, expected] of cases) {
    it(name, () => {
      const problem = findProblem(SHAPE, value)
      assert.equal(problem && `${problem.code} ${problem.param}`, expected)
    })
  }
})
