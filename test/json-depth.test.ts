import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { findJsonExcess, isClosed, isDeeper } from '../src/json-depth.ts'

const nested: [json: string, levels: number][] = [
  ['', 0],
  ['1', 0],
  ['[]', 1],
  ['{}', 1],
  ['[{"a":[1]},[]]', 3],
  ['[],[],[]', 1],
  ['"[[["', 0],
  ['["\\"[[["]', 1],
  ['["\\\\",[]]', 2],
  ['["\\\\\\"[[["]', 1],
  // The parser rejects invalid JSON.
  [']]]]', 0],
  ['["[[[', 1],
  ['['.repeat(1_000), 1_000],
]

describe('isDeeper()', () => {
  for (const [json, levels] of nested) {
    it(`finds ${levels} levels in ${json.slice(0, 20)}`, () => {
      assert.equal(isDeeper(json, levels), false)
      if (levels > 0) assert.equal(isDeeper(json, levels - 1), true)
    })
  }

  it('returns the depth of the parsed value', () => {
    fc.assert(fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
      const json = JSON.stringify(value)
      assert.equal(isDeeper(json, depthOf(value)), false)
      assert.equal(isDeeper(json, depthOf(value) - 1), depthOf(value) > 0)
    }))
  })
})

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  return 1 + Math.max(0, ...Object.values(value).map(depthOf))
}

describe('findJsonExcess()', () => {
  const escapes = ['\\', '"', 'a', '\\"', '\n', '['.repeat(300), 'a'.repeat(255), '\\'.repeat(256)]

  it('F2: skips strings with any escapes', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom(...escapes), { maxLength: 40 }), (parts) => {
      const json = JSON.stringify([parts.join(''), [1]])
      assert.equal(findJsonExcess(json, { depth: 2, values: 4 }), undefined)
      assert.equal(findJsonExcess(json, { depth: 1, values: 4 }), 'depth')
    }))
  })

  const cases: [json: string, values: number][] = [
    ['1', 1],
    ['[1,2,3]', 4],
    ['{"a":1,"b":[true,null]}', 5],
    ['{"a,[{":"b,[{"}', 2],
    ['["\\",","]', 3],
  ]

  for (const [json, values] of cases) {
    it(`F2: counts ${values} values in ${json}`, () => {
      assert.equal(findJsonExcess(json, { depth: 9, values }), undefined)
      assert.equal(findJsonExcess(json, { depth: 9, values: values - 1 }) ?? 'values', 'values')
      if (values > 1) {
        assert.equal(findJsonExcess(json, { depth: 9, values: values - 1 }), 'values')
      }
    })
  }

  it('returns the limit that is exceeded first', () => {
    assert.equal(findJsonExcess('[[[1,2,3]]]', { depth: 2, values: 99 }), 'depth')
    assert.equal(findJsonExcess('[[[1,2,3]]]', { depth: 3, values: 5 }), 'values')
  })
})

describe('isClosed()', () => {
  it('F2: is true for any JSON, and false for any part of an object', () => {
    const values = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 4 }))
    fc.assert(fc.property(values, fc.nat(), (value, length) => {
      const json = JSON.stringify(value)
      assert.equal(isClosed(json), true)
      assert.equal(isClosed(json.slice(0, 1 + length % (json.length - 1))), false)
    }))
  })

  for (const json of [']', '[]]', '[]][', '"', '["\\"]']) {
    it(`F2: is false for ${json}`, () => assert.equal(isClosed(json), false))
  }
})
