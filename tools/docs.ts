/** Writes the pages that are made from the code and its tests. */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { readResults } from '../test/clients/last-run.ts'
import { findCases, renderIndex } from './case-index.ts'
import { clientPages, withClients } from './clients.ts'
import { withFamilies } from './families.ts'
import { withLimits } from './limits.ts'

const readme = new URL('../README.md', import.meta.url)
const page = withFamilies(await readFile(readme, 'utf8'))
await writeFile(readme, withClients(page, await readResults()))
const reliability = new URL('../docs/reliability.md', import.meta.url)
await writeFile(reliability, withLimits(await readFile(reliability, 'utf8')))
await writeFile(new URL('../docs/cases.md', import.meta.url), renderIndex(await findCases()))
await mkdir(new URL('../docs/clients/', import.meta.url), { recursive: true })
for (const [path, text] of clientPages()) {
  await writeFile(new URL(`../docs/${path}`, import.meta.url), text)
}
