import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { findValue, parseJsonc, toPlain } from '../../src/config/jsonc.ts'
import { cpuTimeOf } from '../cpu-time.ts'

const TEXT = `{
  "port": 1, "retry": {"a": [1, {"x": 2}], "b\\u0063": "}\\"{/*"}, // "none": 1

  "models": { /* "m": {} */
    "m.1": { "inputs": [] },
    "port": {},
  },
}
`

/** Places as line and column. */
const places: [path: (string | number)[], key: string, value: string][] = [
  [['port'], '2:3', '2:11'],
  [['retry'], '2:14', '2:23'],
  [['retry', 'a'], '2:24', '2:29'],
  [['retry', 'a', 1], '', '2:33'],
  [['retry', 'a', 1, 'x'], '2:34', '2:39'],
  [['retry', 'bc'], '2:44', '2:55'],
  [['models', 'm.1', 'inputs'], '5:14', '5:24'],
  [['models', 'port'], '6:5', '6:13'],
  [['inputs'], '', ''],
  [['none'], '', ''],
  [['models', 'm', '1'], '', ''],
  [['port', 'x'], '', ''],
]

describe('parseJsonc()', () => {
  for (const [path, key, value] of places) {
    it(`finds ${path.join(' > ')} at ${value || 'no position'}`, () => {
      const found = findValue(parse(TEXT), path)
      const shown = (position?: { line: number; column: number }) =>
        position ? `${position.line}:${position.column}` : ''
      const keyPosition = found && 'keyPosition' in found ? found.keyPosition : undefined
      assert.deepEqual([shown(keyPosition), shown(found?.position)], [key, value])
    })
  }

  it('returns the same values as JSON.parse()', () => {
    const json = '{"a":[1,-2.5e3,true,false,null,"\\u00e9\\n"],"__proto__":{"b":{}},"":[]}'
    assert.deepEqual(toPlain(parse(json)), JSON.parse(json))
    assert.deepEqual(Object.keys(toPlain(parse(json)) as object), ['a', '__proto__', ''])
  })

  it('counts lines that end with CR LF', () => {
    const found = findValue(parse('{\r\n"a":1,/*\r\n*/\r\n"b":2}'), ['b'])
    assert.deepEqual(found?.position, { line: 4, column: 5 })
  })

  const errors: [text: string, line: number, column: number][] = [
    ['', 1, 1],
    ['\n // nothing\n', 1, 1],
    ['{\n"a": 1\n"b": 2\n}', 3, 1],
    ['{\n"a": 1,,\n}', 2, 8],
    ['{\n"a": [1,\n2,,]}', 3, 3],
    ['{\n"a"\n1}', 3, 1],
    ['{\n/ comment\n"a": 1}', 2, 1],
    ['{\n/* comment\n"a": 1}', 2, 1],
    ["{\n'a': 1}", 2, 1],
    ['{"a": 01}', 1, 7],
    ['{\n"a": {"b": 1]\n}', 2, 13],
    ['{\n"a": 1\n\n', 2, 7],
    ['{}\n{}', 2, 1],
    ['{"a": "x,\n"b": "y"}', 1, 7],
    ['{"a": "\\x"}', 1, 8],
    ['{"a":\nNaN}', 2, 1],
    ['{"a": sk-secret}', 1, 7],
  ]
  for (const [text, line, column] of errors) {
    it(`finds the error of ${JSON.stringify(text)} at ${line}:${column}`, () => {
      const result = parseJsonc(text)
      assert.ok(result.type === 'invalid')
      assert.deepEqual(result.problem.position, { line, column })
      assert.match(result.problem.message, /^invalid JSON: /)
      assert.doesNotMatch(result.problem.message, /secret/)
    })
  }

  const MEGABYTE = 1_000_000
  const hostile: [name: string, text: string][] = [
    ['brackets', '['.repeat(MEGABYTE)],
    ['nested objects', '{"a":'.repeat(MEGABYTE / 5)],
    ['values', `[${'1,'.repeat(MEGABYTE / 2)}1]`],
    ['the most values', `[${'1,'.repeat(49_000)}1]`],
    ['repeated keys', `{${'"a":1,'.repeat(24_000)}"a":1}`],
    ['escapes', `["${'\\\\'.repeat(MEGABYTE / 2)}`],
    ['quotes', '"'.repeat(MEGABYTE + 1)],
    ['line comments', '//\n'.repeat(MEGABYTE / 3)],
    ['comments', `[${'/**/'.repeat(MEGABYTE / 4)}]`],
    ['slashes', '/ '.repeat(MEGABYTE / 2)],
    ['spaces', ' '.repeat(MEGABYTE)],
  ]
  for (const [name, text] of hostile) {
    it(`takes linear time for a megabyte of ${name}`, () => {
      const ms = cpuTimeOf(() => parseJsonc(text))
      assert.ok(ms < 3_000, `${ms} ms`)
    })
  }
})

function parse(text: string) {
  const result = parseJsonc(text)
  assert.ok(result.type === 'parsed')
  assert.deepEqual(result.repeated, [])
  return result.root
}
