import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readTextValues, sampleValue } from '../../src/simulator/schema-value.ts'

const NOTHING = { words: [], numbers: [], text: '' }
const TREE = {
  type: 'object',
  properties: { left: { $ref: '#' }, name: { type: 'string' } },
  required: ['name'],
}

const cases: [name: string, schema: unknown, expected: unknown][] = [
  ['makes a string', { type: 'string' }, 'sample value'],
  ['makes a date', { type: 'string', format: 'date' }, '2026-01-31'],
  ['accepts a constant', { const: 5 }, 5],
  ['accepts the first of an enum', { enum: ['a', 'b'] }, 'a'],
  ['follows a minimum', { type: 'integer', minimum: 7 }, 7],
  ['follows a maximum', { type: 'number', maximum: 0.5 }, 0.5],
  ['makes one item', { type: 'array', items: { type: 'boolean' } }, [true]],
  ['accepts the type that is not null', { type: ['null', 'boolean'] }, true],
  ['accepts the branch that is not null', { anyOf: [{ type: 'null' }, { const: 1 }] }, 1],
  ['merges all branches', {
    allOf: [{ type: 'object', properties: { a: { const: 1 } } }, {
      properties: { b: { const: 2 } },
    }],
  }, { a: 1, b: 2 }],
  ['follows a reference', { $ref: '#/$defs/A', $defs: { A: { const: 3 } } }, 3],
  ['omits optional properties', TREE, { name: 'sample name' }],
  ['includes all properties if none is required', { properties: { a: { const: 1 } } }, { a: 1 }],
  ['makes a string without a schema', undefined, 'sample value'],
]

const values: [text: string, words: string[], numbers: number[]][] = [
  ['Weather in Paris and New York', ['Paris', 'New', 'York'], []],
  ['run `ls -la` and "echo"', ['ls -la', 'echo'], []],
  ["don't quote 'this one'", ['this one'], []],
  ['5 days, -2.5 degrees, v3', [], [5, -2.5]],
]

describe('sampleValue()', () => {
  for (const [name, schema, expected] of cases) {
    it(name, () => assert.deepEqual(sampleValue(schema, NOTHING), expected))
  }

  it('terminates for a recursive schema', () => {
    const whole = JSON.stringify(sampleValue(TREE, NOTHING, { complete: true }))
    assert.ok(whole.length < 500, whole)
  })
})

describe('readTextValues()', () => {
  for (const [text, words, numbers] of values) {
    it(`finds the values of "${text}"`, () => {
      assert.deepEqual(readTextValues(text, []), { words, numbers, text })
    })
  }
})
