import { execFile } from 'node:child_process'
import { rmSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rename, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/** The package as npm packs it, extracted into a project without network. */
export interface Installation {
  /** The project, with `node_modules`. */
  project: string
  /** The folder of the package in `node_modules`. */
  folder: string
  /** The bytes of the tarball. */
  size: number
  /** The files of the package. */
  files: readonly PackedFile[]
}

interface PackedFile {
  path: string
  size: number
  /** Permissions. */
  mode: number
}

/** What `npm pack --json` prints; depending on its version, in an array or by name. */
type Packed = Record<string, { filename: string; size: number; files: PackedFile[] }>

export const ROOT = fileURLToPath(new URL('../../', import.meta.url))
export const BIN = join(ROOT, 'node_modules/.bin')

const run = promisify(execFile)
let installation: Promise<Installation> | undefined

/** Builds, packs and extracts the package, once for all tests. */
export function install(): Promise<Installation> {
  return installation ??= installOnce()
}

async function installOnce(): Promise<Installation> {
  const project = await mkdtemp(join(tmpdir(), 'packed-'))
  process.once('exit', () => rmSync(project, { recursive: true, force: true }))
  await run(process.execPath, ['tools/build.ts'], { cwd: ROOT })
  // Without scripts: they would build once more.
  const command = ['pack', '--json', '--ignore-scripts', '--pack-destination', project]
  const { stdout } = await run('npm', command, { cwd: ROOT })
  const [packed] = Object.values(JSON.parse(stdout) as Packed)
  if (!packed) throw new Error(`npm pack printed ${stdout}`)
  const modules = join(project, 'node_modules')
  await mkdir(modules)
  await run('tar', ['-xzf', join(project, packed.filename), '-C', modules])
  const folder = join(modules, 'oci-genai-gateway')
  await rename(join(modules, 'package'), folder)
  await linkDependencies(folder, modules)
  return { project, folder, size: packed.size, files: packed.files }
}

/** Links the dependencies to those of the repository. */
async function linkDependencies(folder: string, modules: string): Promise<void> {
  const { dependencies } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>
  }
  for (const name of Object.keys(dependencies)) {
    await mkdir(dirname(join(modules, name)), { recursive: true })
    await symlink(join(ROOT, 'node_modules', name), join(modules, name))
  }
}
