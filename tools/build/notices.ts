import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const FILE = 'THIRD-PARTY-NOTICES.txt'

interface Manifest {
  version: string
  license?: string
}

/** The packages whose files were bundled, sorted. */
export function packagesOf(inputs: readonly string[]): string[] {
  const names = inputs.flatMap((path) =>
    /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []
  )
  return [...new Set(names)].sort()
}

/** Writes the licenses of the packages whose files were bundled. */
export async function writeNotices(
  root: string,
  dist: string,
  inputs: readonly string[],
): Promise<void> {
  const notices = await Promise.all(packagesOf(inputs).map((name) => noticeOf(root, name)))
  const heading = 'The files in this folder contain code of these packages.\n'
  await writeFile(join(dist, FILE), [heading, ...notices].join(`\n${'-'.repeat(80)}\n\n`))
}

async function noticeOf(root: string, name: string): Promise<string> {
  const folder = join(root, 'node_modules', name)
  const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest
  const file = (await readdir(folder)).find((entry) => /^licen[cs]e(\.\w+)?$/i.test(entry))
  const text = file ? await readFile(join(folder, file), 'utf8') : ''
  return `${name} ${manifest.version}, ${manifest.license ?? 'see below'}\n\n${text.trim()}\n`
}
