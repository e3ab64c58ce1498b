import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'

/** The public modules whose types are published, below `src`. */
const ENTRIES = ['package/gateway.ts', 'package/simulator.ts', 'entry/workers.ts']

const COMPILER_OPTIONS = {
  ...{ noEmit: false, declaration: true, emitDeclarationOnly: true },
  // The step `types` of the tests checks the same code.
  noCheck: true,
}

/**
 * Writes the declarations of the public modules, and of the files whose types they use, side by side
 * into `dist`. TypeScript 7 is a native program without an API, so it emits the declarations of all
 * files, of which the reachable ones are copied.
 * @param root the directory of the repository
 */
export async function writeDeclarations(root: string, dist: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'declarations-'))
  try {
    await emitAll(root, folder)
    for (const [path, text] of await reachableFrom(ENTRIES, folder)) {
      await writeFile(join(dist, declarationOf(basename(path))), flattened(text))
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function emitAll(root: string, folder: string): Promise<void> {
  const project = join(folder, 'tsconfig.json')
  const compilerOptions = {
    ...COMPILER_OPTIONS,
    ...{ rootDir: join(root, 'src'), outDir: folder },
    typeRoots: [join(root, 'node_modules/@types')],
  }
  const files = ENTRIES.map((path) => join(root, 'src', path))
  await writeFile(
    project,
    JSON.stringify({ extends: join(root, 'tsconfig.json'), compilerOptions, include: [], files }),
  )
  await promisify(execFile)(join(root, 'node_modules/.bin/tsc'), ['-p', project])
}

const IMPORT = /(from |import\()(['"])(\.[^'"]+)\.ts\2/g

/** The declarations of some modules and of all that they import, by the path of the module. */
async function reachableFrom(
  entries: readonly string[],
  folder: string,
): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>()
  const names = new Set(entries)
  // A set is iterated over elements that are added meanwhile, too.
  for (const name of names) {
    const text = await readFile(join(folder, declarationOf(name)), 'utf8')
    texts.set(name, text)
    for (const [, , , path = ''] of text.matchAll(IMPORT)) names.add(join(name, '..', `${path}.ts`))
  }
  const files = [...names].map((name) => basename(name))
  const twice = files.find((file, at) => files.indexOf(file) < at)
  if (twice) throw new Error(`Two files with public types must not both be named ${twice}`)
  return texts
}

function declarationOf(module: string): string {
  return module.replace(/\.ts$/, '.d.ts')
}

/** Imports of declarations that lie side by side. */
function flattened(text: string): string {
  return text.replaceAll(
    IMPORT,
    (_, before, quote, path: string) => `${before}${quote}./${basename(path)}.js${quote}`,
  )
}
