import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { CATALOGUE } from '../src/oci/models/catalogue.ts'

const root = fileURLToPath(new URL('../', import.meta.url))

/** Files and folders that newcomers read and copy from. */
const PLACES = [
  ...['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', 'wrangler.toml', '.github'],
  ...['docs', 'test/clients', 'src/cli', 'src/config'],
]
/** Lists tests, which cover retired models too. */
const LIST_OF_TESTS = 'docs/cases.md'
const TABLE = /(## Retired models\n)([^]*?)(?=\n## )/

/** A built-in alias, which the documents name next to a word about its model. */
const DEFAULT_ALIAS = /["']text-embedding-3-small["']: ["']cohere\.embed-multilingual-v3\.0["']/g

const page = await readFile(`${root}docs/models.md`, 'utf8')
const [, , table = ''] = TABLE.exec(page) ?? []
const retired = Array.from(table.matchAll(/`([a-z]+\.[^`]+)`/g), ([, name = '']) => name)
const files = (await Promise.all(PLACES.map(listFiles))).flat()

describe('retired models', () => {
  it('have a table in docs/models.md', () => {
    assert.ok(retired.includes('xai.grok-4'))
    assert.ok(retired.length >= 10, `${retired.length}`)
  })

  it('are found in a text', () => {
    const cases: [text: string, found: string[]][] = [
      ['"xai.grok-4"', ['xai.grok-4']],
      ['xai.grok-4.', ['xai.grok-4']],
      ['xai.grok-4.3 and xai.grok-40', []],
      ['xai.grok-3-mini', ['xai.grok-3*']],
      ['cohere.command-r-plus-08-2024', ['cohere.command-r-plus-08-2024']],
    ]
    for (const [text, found] of cases) assert.deepEqual(retiredIn(text), found, text)
  })

  it('are not in the built-in catalogue', () => {
    assert.deepEqual(CATALOGUE.flatMap(retiredIn), [])
  })

  for (const file of files) {
    it(`are not named in ${file}`, async () => {
      const text = await readFile(root + file, 'utf8')
      const rest = file === 'docs/models.md' ? text.replace(TABLE, '') : text
      assert.deepEqual(retiredIn(withoutDefaultAlias(rest)), [])
    })
  }
})

async function listFiles(place: string): Promise<string[]> {
  if (/\.(md|toml)$/.test(place)) return [place]
  const names = await readdir(root + place, { recursive: true })
  return names.map((name) => `${place}/${name.replaceAll('\\', '/')}`)
    .filter((path) => /\.(md|ts|json|ya?ml|toml)$/.test(path) && path !== LIST_OF_TESTS)
}

function retiredIn(text: string): string[] {
  return retired.filter((name) => {
    const literal = name.replace(/\*$/, '').replaceAll('.', '\\.')
    const end = name.endsWith('*') ? '' : '(?!\\.?[\\w-])'
    return new RegExp(literal + end).test(text)
  })
}

function withoutDefaultAlias(text: string): string {
  return text.replaceAll(DEFAULT_ALIAS, '')
}
