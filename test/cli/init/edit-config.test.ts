import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { editConfig } from '../../../src/cli/init/edit-config.ts'
import { checkConfig } from '../../../src/config/check.ts'

const REGIONS = { key: 'regions', value: ['a-b-1'], comment: 'In order.' }

const cases: [name: string, before: string, after: string][] = [
  ['fills an empty object', '{}', '{\n\n  // In order.\n  "regions": ["a-b-1"]\n}'],
  [
    'adds a key behind the last one',
    '{\n  "port": 1 // One.\n}\n',
    '{\n  "port": 1, // One.\n\n  // In order.\n  "regions": ["a-b-1"]\n}\n',
  ],
  [
    'leaves comments where they are',
    '{\n  "port": 1, // One, two.\n  /* "x": 1, */\n  // Last.\n}\n',
    '{\n  "port": 1, // One, two.\n  /* "x": 1, */\n  // Last.\n\n  // In order.\n  "regions": ["a-b-1"],\n}\n',
  ],
  [
    'adds a comma before a comment with one',
    '{ "port": 1 /* a, b */ }',
    '{ "port": 1, /* a, b */\n\n  // In order.\n  "regions": ["a-b-1"] }',
  ],
  [
    'keeps a trailing comma',
    '{ "port": 1, }',
    '{ "port": 1,\n\n  // In order.\n  "regions": ["a-b-1"], }',
  ],
  [
    'replaces only the value of a key',
    '{\r\n"regions" : [ /* none */ ] , "port": 1}',
    '{\r\n"regions" : ["a-b-1"] , "port": 1}',
  ],
  [
    'keeps an equal value as it is written',
    '{"regions": [\n"a-b-1", ]}',
    '{"regions": [\n"a-b-1", ]}',
  ],
  [
    'keeps the line breaks of Windows',
    '{\r\n  "port": 1\r\n}\r\n',
    '{\r\n  "port": 1,\r\n\r\n  // In order.\r\n  "regions": ["a-b-1"]\r\n}\r\n',
  ],
  ['drops a byte order mark', '\ufeff{"regions": ["x"]}', '{"regions": ["a-b-1"]}'],
]

describe('editConfig()', () => {
  for (const [name, before, after] of cases) {
    it(name, () => {
      assert.equal(editConfig(before, [REGIONS]), after)
      assert.equal(checkConfig({}, { name: 'a', text: after }).type, 'valid')
    })
  }

  it('breaks long values into lines', () => {
    const aliases = Object.fromEntries(['a', 'b', 'c'].map((name) => [name, 'm'.repeat(30)]))
    const text = editConfig('{}', [{ key: 'aliases', value: aliases, comment: 'Names.' }])
    assert.match(text, /^ {2}"aliases": \{\n {4}"a": "m+",\n[^]*\n {2}\}\n\}$/m)
  })

  for (const broken of [undefined, '{', '[]']) {
    it(`starts a new file instead of ${broken}`, () => {
      const text = editConfig(broken, [REGIONS])
      assert.match(text, /^\/\/ The configuration[^]*"\$schema": "https:[^]*"regions": \["a-b-1"\]/)
      assert.equal(checkConfig({}, { name: 'a', text }).type, 'valid')
    })
  }
})
