import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import type { Checked, Violation } from './checked.ts'
import { type Line, specifierOf, writeModule } from './write-module.ts'

const COMPILER = fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', import.meta.url))
const PUBLISHED = fileURLToPath(new URL('published.ts', import.meta.url))
const OPTIONS = [
  ...[
    '--noEmit',
    '--strict',
    '--skipLibCheck',
    '--allowImportingTsExtensions',
    '--pretty',
    'false',
  ],
  ...['--module', 'nodenext', '--target', 'es2024', '--lib', 'esnext,dom', '--ignoreConfig'],
  ...['--types', ''],
]
/** Values in one module. The compiler checks modules in parallel. */
const MODULE_SIZE = 1_000

/** Checks values against their published types with the installed compiler. */
export async function compile(values: readonly Checked[]): Promise<Violation[]> {
  const directory = await mkdtemp(join(tmpdir(), 'conformance-'))
  try {
    const modules = await Promise.all(
      inGroups(values).map(async (group, at) => {
        const { source, lines } = writeModule(group, specifierOf(PUBLISHED))
        const file = join(directory, `values-${at}.ts`)
        await writeFile(file, source)
        return { file, lines }
      }),
    )
    const output = await run(modules.map(({ file }) => file), directory)
    return readDiagnostics(output, new Map(modules.map(({ lines }, at) => [at, lines])))
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

function inGroups(values: readonly Checked[]): Checked[][] {
  const count = Math.ceil(values.length / MODULE_SIZE)
  return Array.from(
    { length: count },
    (_, at) => values.slice(at * MODULE_SIZE, (at + 1) * MODULE_SIZE),
  )
}

function run(files: readonly string[], directory: string): Promise<string> {
  const args = [COMPILER, ...OPTIONS, ...files]
  return new Promise((resolve) => {
    const options = { cwd: directory, maxBuffer: 2 ** 28 }
    execFile(process.execPath, args, options, (_, stdout, stderr) => resolve(stdout + stderr))
  })
}

const DIAGNOSTIC = /^.*values-(\d+)\.ts\((\d+),\d+\): error TS\d+: (.*)$/

/** Reads the compiler's messages. Indented lines continue a message. */
function readDiagnostics(
  output: string,
  modules: ReadonlyMap<number, readonly Line[]>,
): Violation[] {
  const violations: Violation[] = []
  for (const line of output.split('\n').filter((text) => text.trim() !== '')) {
    const [, module = '', row = '', message = ''] = DIAGNOSTIC.exec(line) ?? []
    const last = violations.at(-1)
    if (module === '' && line.startsWith(' ') && last) last.message += `\n    ${line.trim()}`
    else {violations.push(
        violationOf(modules.get(Number(module))?.[Number(row) - 1], message || line),
      )}
  }
  return violations
}

function violationOf(line: Line | undefined, message: string): Violation {
  const { checked, path = '' } = line ?? {}
  if (!checked) return { request: 'the compiler', path, message }
  const type = `${checked.type}${path === '' ? '' : `, ${path}`}`
  return { request: checked.request, path: `${checked.at}: ${type}`, message }
}
