import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { lineOfKey, lineOfSyntaxError } from '../../src/config/json-lines.ts'

const JSON_TEXT = `{
  "port": 1, "retry": {"a": [1, {"x": 2}], "b\\u0063": "}\\"{"},

  "models": {
    "m.1": { "inputs": [] },
    "port": {}
  }, "port": 2
}
`

const keys: [path: string[], line: number | undefined][] = [
  [['retry'], 2],
  [['retry', 'a'], 2],
  [['retry', 'bc'], 2],
  [['models'], 4],
  [['models', 'm.1', 'inputs'], 5],
  [['models', 'port'], 6],
  [['port'], 7],
  [['inputs'], undefined],
  [['models', 'm', '1'], undefined],
]

describe('lineOfKey()', () => {
  for (const [path, line] of keys) {
    it(`finds ${path.join(' > ')} in line ${line}`, () => {
      assert.equal(lineOfKey(JSON_TEXT, path), line)
    })
  }

  it('counts lines that end with CR LF', () => {
    assert.equal(lineOfKey('{\r\n"a":1,\r\n"b":2}', ['b']), 3)
  })
})

const errors: [json: string, line: number][] = [
  ['', 1],
  ['{\n"a": 1\n"b": 2\n}', 3],
  ['{\n"a": 1,\n}', 3],
  ['{\n"a": [1,\n2,]}', 3],
  ['{\n"a"\n1}', 3],
  ['{\n// comment\n"a": 1}', 2],
  ["{\n'a': 1}", 2],
  ['{"a": 01}', 1],
  ['{\n"a": {"b": 1]\n}', 2],
  ['{\n"a": 1\n\n', 2],
  ['{}\n{}', 2],
  ['{"a": "\n"}', 1],
  ['{"a":\nNaN}', 2],
]

describe('lineOfSyntaxError()', () => {
  for (const [json, line] of errors) {
    it(`finds the error of ${JSON.stringify(json)} in line ${line}`, () => {
      assert.throws(() => JSON.parse(json), SyntaxError)
      assert.equal(lineOfSyntaxError(json), line)
    })
  }

  it('takes linear time', () => {
    assert.equal(lineOfSyntaxError('['.repeat(20_000)), 1)
    assert.equal(lineOfSyntaxError(`["${'\\\\'.repeat(20_000)}`), 1)
  })
})
