/** Writes the pages that are made from the code and its tests. */
import { readFile, writeFile } from 'node:fs/promises'
import { findCases, renderIndex } from './case-index.ts'
import { withFamilies } from './families.ts'

const readme = new URL('../README.md', import.meta.url)
await writeFile(readme, withFamilies(await readFile(readme, 'utf8')))
await writeFile(new URL('../docs/cases.md', import.meta.url), renderIndex(await findCases()))
