import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { evaluate, parse as parseJson } from '@humanwhocodes/momoa'
import { stringify as printYaml } from 'yaml'
import type { FileFormat } from '../../../src/clients/client.ts'
import { type SettingTree } from '../../../src/clients/setting.ts'
import { UnsupportedEdit } from '../../../src/cli/merge/format.ts'
import { mergeSettings } from '../../../src/cli/merge/merge-settings.ts'
import { printTables } from '../../../src/cli/merge/print-toml.ts'
import { runsOf } from '../../property-runs.ts'

type Table = { readonly [name: string]: Value }
type Value = string | number | boolean | readonly Value[] | Table

/** Few names, so that files and settings share some. */
const name = fc.constantFrom('a', 'b', 'c d', 'e.f', '"g"', 'ü')
const scalar = fc.oneof(fc.integer(), fc.boolean(), fc.string({ unit: 'grapheme' }))

function tables(depth: number): fc.Arbitrary<Table> {
  const value: fc.Arbitrary<Value> = depth === 0
    ? scalar
    : fc.oneof(scalar, fc.array(scalar, { maxLength: 3 }), tables(depth - 1))
  return fc.dictionary(name, value, { maxKeys: 4, noNullPrototype: true })
}

/** Files with comments, in several styles. */
const FORMATS: readonly (readonly [FileFormat, (table: Table, style: number) => string])[] = [
  ['json', (table, style) => JSON.stringify(table, null, style)],
  ['jsonc', (table, style) => `// head\n${JSON.stringify(table, null, style + 1)} // tail\n`],
  ['json5', (table, style) => `/* head */ ${JSON.stringify(table, null, style)}`],
  ['toml', (table, style) => `# head\n${printTables([], table)}${style % 2 === 0 ? '# tail' : ''}`],
  [
    'yaml',
    (table, style) =>
      `# head\n${
        printYaml(table, style % 2 === 0 ? { indent: 2 + style } : { collectionStyle: 'flow' })
      }# tail\n`,
  ],
]

describe('mergeSettings()', () => {
  for (const [format, print] of FORMATS) {
    it(`adds settings to ${format}, changes nothing else and is idempotent`, async () => {
      await fc.assert(
        fc.asyncProperty(
          tables(2),
          tables(2),
          fc.nat(3),
          fc.boolean(),
          async (file, tree, style, crlf) => {
            const before = crlf ? print(file, style).replaceAll('\n', '\r\n') : print(file, style)
            const after = await merged(before, format, tree as SettingTree)
            if (after === undefined) return
            assert.equal(await mergeSettings(after, format, tree as SettingTree), after)
            assert.deepEqual(removed(before, after), [], `${before}\n---\n${after}`)
          },
        ),
        runsOf(40),
      )
    })
  }

  for (const [format, print] of FORMATS) {
    it(`keeps every character of ${format} when it adds a new member`, async () => {
      await fc.assert(
        fc.asyncProperty(tables(2), tables(2), fc.nat(3), async (file, tree, style) => {
          const before = print(file, style)
          const after = await mergeSettings(before, format, { new: tree as SettingTree })
          assert.ok(isSubsequence(before, after), `${before}\n---\n${after}`)
        }),
        runsOf(25),
      )
    })
  }

  it('gives the value that a merge of values gives', async () => {
    await fc.assert(
      fc.asyncProperty(tables(2), tables(2), async (file, tree) => {
        const after = await merged(JSON.stringify(file), 'json', tree as SettingTree)
        if (after === undefined) return
        assert.deepEqual(evaluate(parseJson(after)), mergedValue(file, tree))
      }),
    )
  })
})

/** The merged text, or `undefined` where the file has a value of another kind. */
async function merged(
  before: string,
  format: FileFormat,
  tree: SettingTree,
): Promise<string | undefined> {
  try {
    return await mergeSettings(before, format, tree)
  } catch (error) {
    if (error instanceof UnsupportedEdit) return undefined
    throw error
  }
}

/** Comments of the file before that are missing afterwards. */
function removed(before: string, after: string): string[] {
  return ['// head', '// tail', '/* head */', '# head', '# tail']
    .filter((comment) => before.includes(comment) && !after.includes(comment))
}

function isSubsequence(part: string, whole: string): boolean {
  let at = 0
  for (const character of whole) if (part.startsWith(character, at)) at += character.length
  return at === part.length
}

function mergedValue(file: Value | undefined, tree: Value): Value {
  if (!isTable(file) || !isTable(tree)) return tree
  const entries = Object.entries(tree).map(([key, value]) => [key, mergedValue(file[key], value)])
  return { ...file, ...Object.fromEntries(entries) }
}

function isTable(value: Value | undefined): value is Table {
  return typeof value === 'object' && !Array.isArray(value)
}
