/**
 * Builds the npm package into `dist`.
 *
 *   npm run build      the bundled JavaScript and the declarations
 */
import { rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { writeConsolePage } from './build/console.ts'
import { writeDeclarations } from './build/declarations.ts'
import { bundleJavaScript } from './build/javascript.ts'

const root = fileURLToPath(new URL('../', import.meta.url))
const dist = `${root}dist`
const pageInputs = await writeConsolePage(root)
await rm(dist, { recursive: true, force: true })
await bundleJavaScript(root, dist, pageInputs)
await writeDeclarations(root, dist)
