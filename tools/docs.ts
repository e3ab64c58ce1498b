/** Writes the pages and sections that are generated from the code and its tests. */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { readResults } from '../test/clients/last-run.ts'
import { withRoutes } from './api.ts'
import { withCapacity } from './capacity.ts'
import { findCases, renderIndex } from './case-index.ts'
import { clientPages, withClients } from './clients.ts'
import { withCommands } from './commands.ts'
import { withConfiguration } from './configuration.ts'
import { withDoctor } from './doctor.ts'
import { withEndpoints } from './endpoints.ts'
import { withFamilies } from './families.ts'
import { withLimits } from './limits.ts'
import { withMetrics } from './metrics.ts'
import { writeDocument } from './openapi.ts'

/** Pages with a generated section, and the function that replaces it. */
const SECTIONS:
  readonly (readonly [path: string, render: (page: string) => string | Promise<string>])[] = [
    ['../README.md', await clientsTable()],
    ['../docs/models.md', withFamilies],
    ['../docs/commands.md', withCommands],
    ['../docs/configuration.md', withConfiguration],
    ['../docs/reliability.md', withLimits],
    ['../docs/doctor.md', withDoctor],
    ['../docs/telemetry.md', withMetrics],
    ['../docs/api.md', withRoutes],
    ['../docs/endpoints.md', withEndpoints],
    ['../docs/capacity.md', withCapacity],
  ]

for (const [path, render] of SECTIONS) {
  const file = new URL(path, import.meta.url)
  await writeFile(file, await render(await readFile(file, 'utf8')))
}
await writeDocument()
await writeFile(new URL('../docs/cases.md', import.meta.url), renderIndex(await findCases()))
await mkdir(new URL('../docs/clients/', import.meta.url), { recursive: true })
for (const [path, text] of await clientPages()) {
  await writeFile(new URL(`../docs/${path}`, import.meta.url), text)
}

async function clientsTable(): Promise<(page: string) => string> {
  const results = await readResults()
  return (page) => withClients(page, results)
}
