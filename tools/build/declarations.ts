import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'

/** The public modules and the files whose types they use, below `src`. */
const FILES = [
  'package/gateway.ts',
  'package/simulator.ts',
  'entry/workers.ts',
  'entry/durable-store.ts',
  'platform.ts',
]

const COMPILER_OPTIONS = {
  ...{ noEmit: false, declaration: true, emitDeclarationOnly: true },
  // Each file on its own, which takes a fifth of the time. The tests check the types of all code.
  ...{ isolatedDeclarations: true, noResolve: true, noCheck: true, types: [] },
}

/**
 * Writes the declarations of the public modules side by side into `dist`. Throws if they use types of
 * a file that is not published.
 * @param root the directory of the repository
 */
export async function writeDeclarations(root: string, dist: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'declarations-'))
  try {
    await emit(root, folder)
    for (const path of FILES) {
      const name = path.replace(/\.ts$/, '.d.ts')
      const text = await readFile(join(folder, name), 'utf8')
      await writeFile(join(dist, basename(name)), withFlatImports(text, path))
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** TypeScript 7 is a native program without an API. */
async function emit(root: string, outDir: string): Promise<void> {
  const project = join(outDir, 'tsconfig.json')
  const config = {
    extends: join(root, 'tsconfig.json'),
    compilerOptions: { ...COMPILER_OPTIONS, rootDir: join(root, 'src'), outDir },
    include: [],
    files: FILES.map((path) => join(root, 'src', path)),
  }
  await writeFile(project, JSON.stringify(config))
  await promisify(execFile)(join(root, 'node_modules/.bin/tsc'), ['-p', project])
}

/** Makes the imports of a declaration refer to files in the same folder. */
export function withFlatImports(text: string, path: string): string {
  return text.replaceAll(/(?<=\bfrom |\bimport\()'(\.[^']+)\.ts'/g, (_, imported: string) => {
    const target = join(path, '..', `${imported}.ts`)
    if (!FILES.includes(target)) {
      throw new Error(`The public types of ${path} use ${target}, which is not published`)
    }
    return `'./${basename(imported)}.js'`
  })
}
