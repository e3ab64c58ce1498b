import { glob, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../', import.meta.url))

/** The sections of the catalogue of cases: letter, number of cases, title. */
const SECTIONS: readonly (readonly [letter: string, count: number, title: string])[] = [
  ['M', 28, 'Messages'],
  ['P', 34, 'Parameters'],
  ['T', 31, 'Tools'],
  ['S', 36, 'Streams'],
  ['K', 20, 'Cohere'],
  ['X', 19, 'Transport of streams'],
  ['R', 16, 'Answers without streaming'],
  ['J', 7, 'Structured output'],
  ['E', 21, 'Errors'],
  ['A', 24, 'Signing and credentials'],
  ['V', 18, 'Embeddings, rerank, models, moderations'],
  ['N', 19, 'Responses and Messages'],
  ['O', 12, 'OpenClaw'],
  ['Z', 16, 'Operation'],
]

/** Cases without a test, with the reason. */
export const LEFT_OUT: ReadonlyMap<string, string> = new Map([
  ...only('API keys have no separate limits yet', 'Z07', 'Z08', 'Z09'),
  ...only('the configuration is not reloaded at runtime', 'Z10'),
  ...only('needs hours, more than a test run takes', 'Z13'),
  ...only('requests cannot select a compartment', 'Z15'),
  ...only('npm ci checks the lock file', 'Z16'),
])

function only(reason: string, ...ids: string[]): [string, string][] {
  return ids.map((id) => [id, reason])
}

/** A case of the catalogue, with the tests that name it. */
export interface CaseTests {
  id: string
  tests: readonly { file: string; name: string }[]
}

/** All case ids, in the order of the catalogue. */
export function caseIds(): string[] {
  return SECTIONS.flatMap(([letter, count]) => idsOf(letter, count))
}

/** Finds the tests of each case by the ids in their names. */
export async function findCases(): Promise<CaseTests[]> {
  const files = await Array.fromAsync(
    glob('test/**/*.ts', { cwd: root, exclude: ['test/simulator/**', 'test/faults/**'] }),
  )
  const named = await Promise.all(files.toSorted().map(readNames))
  const tests = named.flat()
  return caseIds().map((id) => ({ id, tests: tests.filter(({ name }) => hasId(name, id)) }))
}

/** The index as a page of Markdown. */
export function renderIndex(cases: readonly CaseTests[]): string {
  const rows = new Map(cases.map((row) => [row.id, renderRow(row)]))
  const sections = SECTIONS.map(([letter, count, title]) =>
    [
      `## ${letter}: ${title}`,
      '',
      '| case | test |',
      '|---|---|',
      ...idsOf(letter, count).map((id) => rows.get(id)),
      '',
    ].join('\n')
  )
  return [
    // The formatter would pad the cells.
    '<!-- deno-fmt-ignore-file -->',
    '',
    '# Cases',
    '',
    'The tests of each API case. `npm run docs` generates this page from the names of the tests. ' +
    'A case without a test has a reason.',
    '',
    ...sections,
  ].join('\n')
}

function renderRow({ id, tests }: CaseTests): string {
  if (tests.length === 0) return `| ${id} | – ${LEFT_OUT.get(id) ?? 'MISSING'} |`
  const names = tests.map(({ file, name }) => `\`${file}\` ${escape(name)}`)
  return `| ${id} | ${names.join('<br>')} |`
}

function escape(name: string): string {
  return name.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('`', "'")
}

function idsOf(letter: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => letter + String(index + 1).padStart(2, '0'))
}

function hasId(name: string, id: string): boolean {
  // `F-S14` is the id of a fault.
  return new RegExp(`(?<!F-)\\b${id}\\b`).test(name)
}

/** Reads the texts that contain a case id; only names of tests do. */
async function readNames(file: string): Promise<{ file: string; name: string }[]> {
  const code = await readFile(`${root}${file}`, 'utf8')
  const texts = code.matchAll(
    /(['"`])((?:(?!\1)[^\\\n]|\\.)*\b[A-Z]\d\d\b(?:(?!\1)[^\\\n]|\\.)*)\1/g,
  )
  return [...texts].map(([, , text = '']) => ({
    file: file.replaceAll('\\', '/'),
    name: text.replaceAll(/\\(.)/g, '$1'),
  }))
}
