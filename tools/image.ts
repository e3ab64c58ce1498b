/**
 * Writes the context of the container image into `build/image`: the built package, its dependencies,
 * the optional drivers, and an empty folder for data.
 *
 *   npm run build && npm run build:image
 */
import { fileURLToPath } from 'node:url'
import { writeImageContext } from './image/context.ts'

const root = fileURLToPath(new URL('../', import.meta.url))
await writeImageContext(root, `${root}build/image`)
