import { describe } from 'node:test'
import { testMerges, testRefusals } from './table.ts'

const SETTINGS = { model: 'new', providers: { oci: { name: 'OCI', n: 1 } } }
const NEW = 'model = "new"\n\n[providers.oci]\nname = "OCI"\nn = 1\n'

const DEEP = '['.repeat(60_000) + ']'.repeat(60_000)

describe('mergeSettings() with TOML', () => {
  testMerges('toml', SETTINGS, [
    { name: 'creates a file', before: undefined, after: NEW },
    { name: 'keeps a file of comments', before: '# mine\n', after: `# mine\n\n${NEW}` },
    {
      name: 'keeps comments, order and spaces',
      before: '# head\nmodel  =  "old"   # why\nz = 1\n\n[t] # table\na = 1\n',
      after:
        '# head\nmodel  =  "new"   # why\nz = 1\n\n[t] # table\na = 1\n\n[providers.oci]\nname = "OCI"\nn = 1\n',
    },
    {
      name: 'adds a value before the first table',
      before: '[t]\na = 1',
      after: 'model = "new"\n\n[t]\na = 1\n\n[providers.oci]\nname = "OCI"\nn = 1',
    },
    {
      name: 'keeps CRLF line breaks and a byte order mark',
      before: '\uFEFFmodel = "old"\r\n[t]\r\n',
      after: '\uFEFFmodel = "new"\r\n[t]\r\n\r\n[providers.oci]\r\nname = "OCI"\r\nn = 1\r\n',
    },
    {
      name: 'completes a table, with its indentation, before its own tables',
      before:
        'model = "new"\n[providers.oci]\n  name = "old" # x\n  # end\n\n[providers.oci.headers]\nA = "b"\n',
      after:
        'model = "new"\n[providers.oci]\n  name = "OCI" # x\n  n = 1\n  # end\n\n[providers.oci.headers]\nA = "b"\n',
    },
    {
      name: 'adds the header of a table that only has tables',
      before: 'model = "new"\n[providers.oci.headers]\nA = "b"\n',
      after:
        'model = "new"\n[providers.oci.headers]\nA = "b"\n\n[providers.oci]\nname = "OCI"\nn = 1\n',
    },
    {
      name: 'adds to a table on one line',
      before: 'model = "new"\nproviders = { x = { a = 1 }, oci = { name = "old" } } # c\n',
      after: 'model = "new"\nproviders = { x = { a = 1 }, oci = { name = "OCI", n = 1 } } # c\n',
    },
    {
      name: 'adds to an inline table of several lines, which TOML 1.1 allows',
      before: 'model = "new"\nproviders = { oci = {\n  name = "OCI", # c\n}, }\n',
      after: 'model = "new"\nproviders = { oci = {\n  name = "OCI", n = 1, # c\n}, }\n',
    },
    {
      name: 'adds a table to a table on one line',
      before: 'model = "new"\nproviders = {}\n',
      after: 'model = "new"\nproviders = { oci = { name = "OCI", n = 1 } }\n',
    },
    {
      name: 'adds beside names with dots',
      before: 'providers.oci.name = "old"\nmodel = "new"\n[t]\nproviders.oci.n = 7\n',
      after:
        'providers.oci.name = "OCI"\nproviders.oci.n = 1\nmodel = "new"\n[t]\nproviders.oci.n = 7\n',
    },
    {
      name: 'adds beside names with dots in a table',
      before: 'model = "new"\n[providers]\n"oci".name = "OCI"\nx.y = 1\n',
      after: 'model = "new"\n[providers]\n"oci".name = "OCI"\noci.n = 1\nx.y = 1\n',
    },
    {
      name: 'keeps lists of tables, dates and special numbers',
      before: 'model = "new"\n[[a]]\nd = 1979-05-27T07:32:00Z\nx = nan\n[[a]]\ny = inf\n[a.b]\n',
      after:
        'model = "new"\n[[a]]\nd = 1979-05-27T07:32:00Z\nx = nan\n[[a]]\ny = inf\n[a.b]\n\n[providers.oci]\nname = "OCI"\nn = 1\n',
    },
    {
      name: 'quotes names and texts',
      before: 'x = 1\n',
      after: 'x = 1\nl = ["\\"", "\\u007F"]\n\n["a.b"."c d"]\nk = true\n',
      settings: { 'l': ['"', '\x7f'], 'a.b': { 'c d': { k: true } } },
    },
  ])

  testRefusals('toml', SETTINGS, [
    ['a broken file', 'a = 1\nmodel = [\n', /\(line 3, column/],
    ['a value instead of a table', 'providers = 1', /^"providers" is not a table in the file$/],
    [
      'a list of tables instead of a table',
      '[[providers.oci]]\n',
      /^"providers\.oci" is not a table/,
    ],
    ['a list instead of a table', 'providers.oci = []', /^"providers\.oci" is not a table/],
    ['a table instead of a value', '[model]\nx = 1', /^"model" is a table in the file/],
    ['a date instead of a table', 'providers = 1979-05-27', /^"providers" is not a table/],
    ['more levels than can be read', `a = ${DEEP}\n`, /^it has too many levels$/],
    ['a table that is defined twice', '[a]\n[a]\n', /Defining a key multiple times/],
  ])
})
