/**
 * Prints the software bill of materials of the published package, in CycloneDX. `npm run build` comes
 * first.
 *
 *   node tools/release-sbom.ts > sbom.cdx.json
 */
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { noticedPackages, publishedSbom, type Sbom } from './release/sbom.ts'

const root = fileURLToPath(new URL('../', import.meta.url))
const read = (path: string) => readFile(`${root}${path}`, 'utf8')

const { name, dependencies } = JSON.parse(await read('package.json')) as {
  name: string
  dependencies: Readonly<Record<string, string>>
}
const bundled = noticedPackages(await read('dist/THIRD-PARTY-NOTICES.txt'))
const { stdout } = await promisify(execFile)('npm', ['sbom', '--sbom-format', 'cyclonedx'], {
  cwd: root,
  maxBuffer: 64 * 1024 * 1024,
})
const published = new Set([...Object.keys(dependencies), ...bundled])
const sbom = publishedSbom(JSON.parse(stdout) as Sbom, name, published)
process.stdout.write(`${JSON.stringify(sbom, null, 2)}\n`)
