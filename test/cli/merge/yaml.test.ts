import { describe } from 'node:test'
import { Initial, Items } from '../../../src/clients/setting.ts'
import { testMerges, testRefusals } from './table.ts'

const SETTINGS = {
  version: new Initial('1.0.0'),
  models: new Items('name', [{ name: 'OCI', roles: ['chat'], options: { n: 1 } }]),
}
const ITEM = '- name: OCI\n    roles:\n      - chat\n    options:\n      n: 1\n'

/** A billion values in a few lines. */
const BOMB = [...'bcdefghij'].reduce(
  (text, name, at) => {
    const before = 'abcdefghij'[at]
    return `${text}${name}: &${name} [${Array(10).fill(`*${before}`).join()}]\n`
  },
  'a: &a [1]\n',
)
const DEEP = '['.repeat(60_000) + ']'.repeat(60_000)

describe('mergeSettings() with YAML', () => {
  testMerges('yaml', SETTINGS, [
    { name: 'creates a file', before: undefined, after: `version: 1.0.0\nmodels:\n  ${ITEM}` },
    {
      name: 'keeps a file of comments',
      before: '# mine\n',
      after: `# mine\nversion: 1.0.0\nmodels:\n  ${ITEM}`,
    },
    {
      name: 'keeps comments, quotes, order and indentation',
      before:
        `# head\nversion: '2' # mine\n\nmodels: # all\n    # first\n    - name: "x" # why\n      list: [ 1,2 ]\n# tail\nz: 1\n`,
      after:
        `# head\nversion: '2' # mine\n\nmodels: # all\n    # first\n    - name: "x" # why\n      list: [ 1,2 ]\n    - name: OCI\n      roles:\n        - chat\n      options:\n        n: 1\n# tail\nz: 1\n`,
    },
    {
      name: 'completes an item and changes its values, without a line break at the end',
      before: 'version: 1\nmodels:\n- name: OCI # c\n  options:\n    n: 2 # n\n    m: 3',
      after:
        'version: 1\nmodels:\n- name: OCI # c\n  options:\n    n: 1 # n\n    m: 3\n  roles:\n    - chat',
    },
    {
      name: 'fills an empty member',
      before: 'version: 1\nmodels:\nz: 1\n',
      after: `version: 1\nmodels:\n  ${ITEM}z: 1\n`,
    },
    {
      name: 'adds to collections on one line',
      before: '{version: 1, models: [{name: x}]} # c\n',
      after:
        '{version: 1, models: [{name: x}, { name: OCI, roles: [ chat ], options: { n: 1 } }]} # c\n',
    },
    {
      name: 'fills an empty list on one line',
      before: 'version: 1\nmodels: []\n',
      after: 'version: 1\nmodels: [{ name: OCI, roles: [ chat ], options: { n: 1 } }]\n',
    },
    {
      name: 'adds after a text of several lines',
      before: 'version: 1\nmodels:\n  - name: x\n    text: |\n      one\n\n      two\nz: 1\n',
      after:
        `version: 1\nmodels:\n  - name: x\n    text: |\n      one\n\n      two\n  ${ITEM}z: 1\n`,
    },
    {
      name: 'keeps CRLF line breaks and a byte order mark',
      before: '\uFEFFversion: 1\r\nmodels:\r\n  - name: x\r\nz: 1\r\n',
      after: `\uFEFFversion: 1\r\nmodels:\r\n  - name: x\r\n  ${
        ITEM.replaceAll('\n', '\r\n')
      }z: 1\r\n`,
    },
    {
      name: 'keeps anchors, aliases and merge keys',
      before:
        'base: &base\n  k: 1\nother:\n  <<: *base\nversion: 1\nmodels:\n  - &m\n    name: x\n  - *m\n',
      after:
        `base: &base\n  k: 1\nother:\n  <<: *base\nversion: 1\nmodels:\n  - &m\n    name: x\n  - *m\n  ${ITEM}`,
    },
    {
      name: 'keeps the marks of a document',
      before: '---\nversion: 1\nmodels:\n  - name: x\n...\n',
      after: `---\nversion: 1\nmodels:\n  - name: x\n  ${ITEM}...\n`,
    },
  ])

  testRefusals('yaml', SETTINGS, [
    ['a broken file', 'version: 1\nmodels: [1\n', /\(line \d, column/],
    ['several documents', 'a: 1\n---\nb: 1\n', /^the file has several documents \(line 2/],
    ['an alias without an anchor', 'models: *m\n', /Unresolved alias/],
    ['aliases of aliases without end', BOMB, /Excessive alias count/],
    ['more levels than can be read', `a: ${DEEP}\n`, /^it has too many levels$/],
    ['a list as the file', '- a\n', /^its value is not a table/],
    ['a value instead of a list', 'models: x\n', /^"models" is not a list in the file$/],
    ['a repeated name', 'a: 1\na: 2\n', /unique/],
    ['an alias instead of a list', 'a: &a []\nmodels: *a\n', /^"models" is an alias/],
    [
      'an item with an anchor',
      'models:\n  - &m\n    name: OCI\nz: *m\n',
      /without changing others/,
    ],
  ])
})
