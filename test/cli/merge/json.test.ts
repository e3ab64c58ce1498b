import { describe } from 'node:test'
import { Initial, Items } from '../../../src/clients/setting.ts'
import { testMerges, testRefusals } from './table.ts'

const SETTINGS = { model: 'new', env: { URL: 'http://x', N: 1 } }
const LIST = { models: new Items('id', [{ id: 'a', n: 1 }, { id: 'b' }]) }

const DEEP = '['.repeat(60_000) + ']'.repeat(60_000)
const NEW = `{
  "model": "new",
  "env": {
    "URL": "http://x",
    "N": 1
  }
}
`

describe('mergeSettings() with JSON, JSONC and JSON5', () => {
  testMerges('json', SETTINGS, [
    { name: 'creates a file', before: undefined, after: NEW },
    { name: 'fills an empty file', before: '', after: NEW },
    { name: 'fills a file of spaces', before: ' \n', after: NEW },
    {
      name: 'fills an empty object',
      before: '{}',
      after: NEW.trimEnd(),
    },
    {
      name: 'keeps other members, their order and a missing line break at the end',
      before: '{\n    "z": [1,2],\n    "env": {"A":"b"},\n    "model": "old"\n}',
      after:
        '{\n    "z": [1,2],\n    "env": {"A":"b", "URL": "http://x", "N": 1},\n    "model": "new"\n}',
    },
    {
      name: 'keeps CRLF line breaks',
      before: '{\r\n  "env": {\r\n    "A": 1\r\n  }\r\n}\r\n',
      after:
        '{\r\n  "env": {\r\n    "A": 1,\r\n    "URL": "http://x",\r\n    "N": 1\r\n  },\r\n  "model": "new"\r\n}\r\n',
    },
    {
      name: 'keeps a byte order mark',
      before: '\uFEFF{"env":{}}',
      after: '\uFEFF{"env":{\n  "URL": "http://x",\n  "N": 1\n}, "model": "new"}',
    },
    {
      name: 'keeps tabs',
      before: '{\n\t"a": {\n\t\t"b": 1\n\t}\n}\n',
      after:
        '{\n\t"a": {\n\t\t"b": 1\n\t},\n\t"model": "new",\n\t"env": {\n\t\t"URL": "http://x",\n\t\t"N": 1\n\t}\n}\n',
    },
    {
      name: 'changes nothing if the settings are there',
      before: '{"env":{"N":1,"URL":"http:\\/\\/x"},"model":"new"}',
      after: '{"env":{"N":1,"URL":"http:\\/\\/x"},"model":"new"}',
    },
    {
      name: 'changes the last of repeated members, which is the valid one',
      before: '{"model":1,"model":2,"env":{"N":1,"URL":"http://x"}}',
      after: '{"model":1,"model":"new","env":{"N":1,"URL":"http://x"}}',
    },
    {
      name: 'puts the closing brace of a broken line on a line of its own',
      before: '{\n  "model": "new"}',
      after: '{\n  "model": "new",\n  "env": {\n    "URL": "http://x",\n    "N": 1\n  }\n}',
    },
    {
      name: 'changes and adds items of a list',
      before: '{ "models": [{ "id": "x" }, { "id": "a", "n": 2, "m": 3 }] }',
      after: '{ "models": [{ "id": "x" }, { "id": "a", "n": 1, "m": 3 }, { "id": "b" }] }',
      settings: LIST,
    },
    {
      name: 'fills an empty list',
      before: '{\n  "models": []\n}',
      after:
        '{\n  "models": [\n    {\n      "id": "a",\n      "n": 1\n    },\n    {\n      "id": "b"\n    }\n  ]\n}',
      settings: LIST,
    },
    {
      name: 'keeps an initial value that the file has',
      before: '{"a":null}',
      after: '{"a":null, "b": [ 1, 2 ]}',
      settings: { a: new Initial(1), b: new Initial(['1', '2'].map(Number)) },
    },
  ])

  testMerges('jsonc', SETTINGS, [
    {
      name: 'keeps comments and trailing commas',
      before:
        '// head\n{\n  /* a */ "model": "old", // why\n  "env": {\n    "A": 1, // last\n  }, // end\n  // tail\n}\n// after\n',
      after:
        '// head\n{\n  /* a */ "model": "new", // why\n  "env": {\n    "A": 1, // last\n    "URL": "http://x",\n    "N": 1,\n  }, // end\n  // tail\n}\n// after\n',
    },
    {
      name: 'adds a comma before a comment',
      before: '{\n  "env": {} // no comma\n}',
      after:
        '{\n  "env": {\n    "URL": "http://x",\n    "N": 1\n  }, // no comma\n  "model": "new"\n}',
    },
    {
      name: 'fills an object with only a comment',
      before: '{\n  // nothing yet\n}\n',
      after:
        '{\n  // nothing yet\n  "model": "new",\n  "env": {\n    "URL": "http://x",\n    "N": 1\n  }\n}\n',
    },
  ])

  testMerges('json5', SETTINGS, [
    {
      name: 'finds unquoted names and single quotes, and keeps them',
      before: `{\n  model: 'old', 'env': { URL: 'http://x', hex: 0xff, },\n  last: [1,],\n}`,
      after: `{\n  model: "new", 'env': { URL: 'http://x', hex: 0xff, "N": 1, },\n  last: [1,],\n}`,
    },
  ])

  testRefusals('json', SETTINGS, [
    [
      'a comment, which the client does not read',
      '{} // x',
      /Unexpected character '\/' found \(line 1, column 4\)/,
    ],
    ['a broken file', '{\n  "env": ', /^the file ends too early$/],
    ['more levels than can be read', `{"a":${DEEP}}`, /^it has too many levels$/],
    ['a list as the file', '[]', /^its value is not a table/],
    ['a value instead of an object', '{"env":1}', /^"env" is not a table in the file$/],
    ['null instead of an object', '{"env":null}', /^"env" is not a table in the file$/],
    ['a list instead of an object', '{"env":[]}', /^"env" is not a table in the file$/],
    ['an object instead of a value', '{"env":{"N":{"x":1}}}', /^"env\.N" is a table in the file/],
    ['a list instead of a value', '{"model":["x"]}', /^"model" is a list in the file/],
  ])
  testRefusals('json', LIST, [
    ['an object instead of a list', '{"models":{}}', /^"models" is not a list in the file$/],
  ])
})
