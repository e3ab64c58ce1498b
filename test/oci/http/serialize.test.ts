import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { serialize } from '../../../src/oci/http/serialize.ts'
import { runAtOnce } from '../../../src/steps.ts'
import { anyCharacter } from '../../characters.ts'

const cases: [name: string, value: unknown, json: string][] = [
  ['writes JSON without spaces', { a: [1, 'b', null] }, '{"a":[1,"b",null]}'],
  ['omits undefined members', { a: undefined, b: 1 }, '{"b":1}'],
  ['writes text as it is', { a: 'é日本😀' }, '{"a":"é日本😀"}'],
  [
    'M24 replaces half a surrogate pair',
    { a: 'x\ud83d y', b: ['\ude00'] },
    '{"a":"x\ufffd y","b":["\ufffd"]}',
  ],
  [
    'M24 replaces a lone surrogate in a key',
    { 'a\ud83d': { 'b\ud83d': 1 } },
    '{"a\ufffd":{"b\ufffd":1}}',
  ],
  ['M24 keeps a text that looks like an escaped surrogate', { a: '\\ud83d' }, '{"a":"\\\\ud83d"}'],
]

describe('serialize()', () => {
  for (const [name, value, json] of cases) {
    it(name, () => assert.equal(new TextDecoder().decode(runAtOnce(serialize(value))), json))
  }

  it('M24 keeps keys of Object.prototype beside a lone surrogate', () => {
    const value = JSON.parse('{"__proto__":{"a":1},"constructor":"\\ud83d"}')
    const json = new TextDecoder().decode(runAtOnce(serialize(value)))
    assert.equal(json, '{"__proto__":{"a":1},"constructor":"\ufffd"}')
  })

  it('M24 writes valid UTF-8 that parses to the same value', () => {
    const strict = new TextDecoder('utf-8', { fatal: true })
    fc.assert(fc.property(fc.jsonValue({ stringUnit: anyCharacter }), (value) => {
      assert.deepEqual(
        JSON.parse(strict.decode(runAtOnce(serialize(value)))),
        JSON.parse(JSON.stringify(value)),
      )
    }))
  })
})
