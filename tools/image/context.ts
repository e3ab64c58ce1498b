import { cp, mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'

/** The part of a package.json that names other packages. */
interface Manifest {
  dependencies?: Readonly<Record<string, string>>
  peerDependencies?: Readonly<Record<string, string>>
}

/**
 * Writes the context of the container image.
 * @param root the directory of the repository, with the built package in `dist`
 * @param context the directory of the result, which is replaced
 */
export async function writeImageContext(root: string, context: string): Promise<void> {
  await rm(context, { recursive: true, force: true })
  const app = join(context, 'app')
  await mkdir(app, { recursive: true })
  await mkdir(join(context, 'data'))
  for (const file of ['dist', 'package.json', 'LICENSE']) {
    await cp(join(root, file), join(app, file), { recursive: true, filter: isNeeded })
  }
  for (const name of await runtimePackages(root)) {
    const folder = join('node_modules', name)
    await cp(join(root, folder), join(app, folder), { recursive: true, filter: isNeeded })
  }
}

/** The dependencies and optional peers of the gateway with their own dependencies, sorted. */
export async function runtimePackages(root: string): Promise<string[]> {
  const { dependencies, peerDependencies } = await readManifest(root)
  const found = new Set<string>()
  const waiting = Object.keys({ ...dependencies, ...peerDependencies })
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (found.has(name)) continue
    found.add(name)
    const manifest = await readManifest(join(root, 'node_modules', name))
    waiting.push(...Object.keys(manifest.dependencies ?? {}))
  }
  return [...found].sort()
}

async function readManifest(folder: string): Promise<Manifest> {
  return JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest
}

/** Types, source maps and documents are not needed to run; licenses remain. */
function isNeeded(path: string): boolean {
  return !/\.(d\.[cm]?ts|map|md)$|\.[cm]?ts$/.test(path) || /licen[cs]e/i.test(path)
}
