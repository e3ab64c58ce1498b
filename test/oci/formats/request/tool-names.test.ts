import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { createToolNames, PYTHON_NAMES } from '../../../../src/oci/formats/request/tool-names.ts'
import { anyCharacter } from '../../../characters.ts'

const SAFE = /^[A-Za-z0-9_-]{1,64}$/

/** Two names with the same 32-bit FNV-1a hash and the same readable part. */
const CLASH = ['.778264', '.1331440'].map((end) => 'x'.repeat(70) + end)

const PYTHON = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/

const pythonNames: [name: string, expected: RegExp][] = [
  ['get_weather', /^get_weather$/],
  ['_', /^_$/],
  ['get-weather', /^get_weather_[0-9a-z]{7}$/],
  ['2nd', /^_2nd_[0-9a-z]{7}$/],
  ['', /^tool_[0-9a-z]{7}$/],
]

const safeNames: [name: string, expected: RegExp][] = [
  ['get_weather', /^get_weather$/],
  ['x'.repeat(64), /^x{64}$/],
  ['mcp.server:do thing', /^mcp_server_do_thing_[0-9a-z]{7}$/],
  ['x'.repeat(80), /^x{56}_[0-9a-z]{7}$/],
  ['天気 😀', /^_{5}[0-9a-z]{7}$/],
  ['', /^tool_[0-9a-z]{7}$/],
  ['\ud800', /^__[0-9a-z]{7}$/],
  ['__proto__', /^__proto__$/],
  ['constructor', /^constructor$/],
]

describe('createToolNames()', () => {
  for (const [name, expected] of safeNames) {
    it(`T23 encodes "${name.toWellFormed()}" reversibly`, () => {
      const names = createToolNames([name])
      const safe = names.encode(name)
      assert.match(safe, expected)
      assert.match(safe, SAFE)
      assert.equal(names.decode(safe), name)
    })
  }

  for (const [name, expected] of pythonNames) {
    it(`T23 encodes "${name}" as a Python name reversibly`, () => {
      const { encode, decode } = createToolNames([name], PYTHON_NAMES)
      assert.match(encode(name), expected)
      assert.equal(decode(encode(name)), name)
    })
  }

  it('T23 is reversible for any names with Python names', () => {
    fc.assert(fc.property(fc.array(fc.string({ unit: anyCharacter })), (all) => {
      const names = [...new Set(all)]
      const { encode, decode } = createToolNames(names, PYTHON_NAMES)
      assert.ok(names.every((name) => PYTHON.test(encode(name))))
      assert.deepEqual(names.map((name) => decode(encode(name))), names)
    }))
  })

  it('T23 gives a name the same safe name regardless of other names', () => {
    const alone = createToolNames(['a.b']).encode('a.b')
    const among = createToolNames(['z z', 'a_b', 'a.b', 'a:b']).encode('a.b')
    const fromHistory = createToolNames([]).encode('a.b')
    assert.deepEqual([among, fromHistory], [alone, alone])
  })

  it('T23 distinguishes names that differ only in unsafe characters', () => {
    const names = ['a.b', 'a:b', 'a b', 'a_b', 'a__b']
    const { encode, decode } = createToolNames(names)
    assert.equal(new Set(names.map(encode)).size, names.length)
    assert.deepEqual(names.map((name) => decode(encode(name))), names)
  })

  it('T23 distinguishes two names with the same hash, in any order', () => {
    const one = createToolNames(CLASH)
    const other = createToolNames(CLASH.toReversed())
    const safe = CLASH.map(one.encode)
    assert.equal(createToolNames([]).encode(CLASH[0]!), createToolNames([]).encode(CLASH[1]!))
    assert.notEqual(safe[0], safe[1])
    assert.deepEqual(CLASH.map(other.encode), safe)
    assert.deepEqual(safe.map(one.decode), CLASH)
  })

  it('T23 keeps a name of the client that looks generated', () => {
    const taken = createToolNames([]).encode('a.b')
    const { encode, decode } = createToolNames(['a.b', taken])
    assert.equal(encode(taken), taken)
    assert.equal(decode(taken), taken)
    assert.equal(decode(encode('a.b')), 'a.b')
  })

  it('T23 keeps the original of a generated name that the history calls', () => {
    const { encode, decode } = createToolNames(['a.b'])
    const made = encode('a.b')
    assert.equal(encode(made), made)
    assert.equal(decode(made), 'a.b')
  })

  it('T23 decodes a name that occurs only in the history', () => {
    const { encode, decode } = createToolNames(['get_weather'])
    assert.equal(decode(encode('old.tool')), 'old.tool')
  })

  it('returns an unknown name unchanged', () => {
    assert.equal(createToolNames(['a.b']).decode('invented_by_the_model'), 'invented_by_the_model')
  })

  it('T23 is reversible for any names', () => {
    fc.assert(fc.property(fc.array(fc.string({ unit: anyCharacter })), (all) => {
      const names = [...new Set(all)]
      const { encode, decode } = createToolNames(names)
      assert.ok(names.every((name) => SAFE.test(encode(name))))
      assert.deepEqual(names.map((name) => decode(encode(name))), names)
    }))
  })
})
