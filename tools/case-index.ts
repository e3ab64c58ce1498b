import { glob, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { caseId, SECTIONS } from './case-catalogue.ts'

const root = fileURLToPath(new URL('../', import.meta.url))

/** Cases without a test, with the reason. */
export const LEFT_OUT: ReadonlyMap<string, string> = new Map([
  ...only('API keys have no separate limits yet', 'Z07', 'Z08', 'Z09'),
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
  return SECTIONS.flatMap(({ letter, meanings }) => meanings.map((_, at) => caseId(letter, at)))
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
  const tests = new Map(cases.map((row) => [row.id, row.tests]))
  const sections = SECTIONS.map(({ letter, title, meanings }) =>
    [
      `## ${letter}: ${title}`,
      '',
      '| case | meaning | tests |',
      '|---|---|---|',
      ...meanings.map((meaning, at) => {
        const id = caseId(letter, at)
        return `| ${id} | ${meaning} | ${renderTests(id, tests.get(id) ?? [])} |`
      }),
      '',
    ].join('\n')
  )
  return [
    // The formatter would pad the cells.
    '<!-- deno-fmt-ignore-file -->',
    '',
    '# Cases',
    '',
    'The meaning of each API case, and its tests. `npm run docs` generates this page from the names of the tests. ' +
    'A case without a test has a reason.',
    '',
    ...sections,
  ].join('\n')
}

function renderTests(id: string, tests: CaseTests['tests']): string {
  if (tests.length === 0) return `– ${LEFT_OUT.get(id) ?? 'MISSING'}`
  return tests.map(({ file, name }) => `\`${file}\` ${escape(name)}`).join('<br>')
}

function escape(name: string): string {
  return name.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('`', "'")
}

function hasId(name: string, id: string): boolean {
  // `F-S14` is the id of a fault, `R-E10` that of a regression.
  return new RegExp(`(?<![FR]-)\\b${id}\\b`).test(name)
}

/** Reads the texts that contain a case id; only names of tests do. */
async function readNames(file: string): Promise<{ file: string; name: string }[]> {
  const code = await readFile(`${root}${file}`, 'utf8')
  const texts = code.matchAll(
    /(['"`])((?:(?!\1)[^\\\n]|\\.)*\b(?:[A-Z]\d\d|R-[A-Z]\d+)\b(?:(?!\1)[^\\\n]|\\.)*)\1/g,
  )
  return [...texts].map(([, , text = '']) => ({
    file: file.replaceAll('\\', '/'),
    name: text.replaceAll(/\\(.)/g, '$1'),
  }))
}
