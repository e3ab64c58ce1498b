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
  ['takes what is required', { name: 'x' }, undefined],
  ['takes null for what is optional', { name: 'x', count: null }, undefined],
  ['misses what is required', {}, 'missing_required_parameter name'],
  ['misses what is null', { name: null }, 'missing_required_parameter name'],
  ['refuses what it does not know', { name: 'x', size: 1 }, 'unknown_parameter size'],
  ['refuses what is no object', [], 'invalid_type '],
  ['tells integers from other numbers', { name: 'x', count: 1.5 }, 'invalid_type count'],
  ['takes other numbers elsewhere', { name: 'x', share: 1.5 }, undefined],
  ['tells booleans from words', { name: 'x', open: 'true' }, 'invalid_type open'],
  ['tells objects from lists', { name: 'x', extra: [] }, 'invalid_type extra'],
  ['takes any object where any will do', { name: 'x', extra: { a: 1 } }, undefined],
  ['refuses other words', { name: 'x', word: 'c' }, 'invalid_value word'],
  ['refuses what is no word', { name: 'x', word: 1 }, 'invalid_type word'],
  [
    'names the place in a list',
    { name: 'x', parts: [{ text: 'a' }, {}] },
    'missing_required_parameter parts[1].text',
  ],
  [
    'takes a variant by its word',
    { name: 'x', parts: [{ type: 'any', colour: 'red' }] },
    undefined,
  ],
  ['takes the usual variant without a word', { name: 'x', parts: [{ text: 'a' }] }, undefined],
  [
    'refuses an unknown variant',
    { name: 'x', parts: [{ type: 'toString' }] },
    'invalid_value parts[0].type',
  ],
  ['takes either', { name: 'x', content: 'a' }, undefined],
  ['takes the other', { name: 'x', content: [{ text: 'a' }] }, undefined],
  [
    'looks into the one that was meant',
    { name: 'x', content: [{ text: 1 }] },
    'invalid_type content[0].text',
  ],
  ['refuses what is neither', { name: 'x', content: 1 }, 'invalid_type content'],
]

describe('findProblem()', () => {
  for (const [name, value, expected] of cases) {
    it(name, () => {
      const problem = findProblem(SHAPE, value)
      assert.equal(problem && `${problem.code} ${problem.param}`, expected)
    })
  }
})
