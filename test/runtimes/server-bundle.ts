import { build } from 'esbuild'
import { rmSync } from 'node:fs'
import { mkdtemp, rename } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

let bundle: Promise<string> | undefined

/**
 * The path of `src/server.ts` with all of its modules in one file, for Node. To load the modules one
 * by one takes half of the processor time of a start; Bun and Deno load them faster. Processes share
 * the file in the folder of the variable `BUNDLES`, which `npm test` sets.
 */
export function serverBundle(): Promise<string> {
  return bundle ??= makeBundle()
}

async function makeBundle(): Promise<string> {
  const file = join(process.env['BUNDLES'] ?? await ownFolder(), 'server.mjs')
  // Another process never reads a file that is partially written.
  const unfinished = `${file}.${process.pid}`
  await build({
    absWorkingDir: ROOT,
    entryPoints: ['src/server.ts'],
    outfile: unfinished,
    ...{ bundle: true, format: 'esm', platform: 'node', target: 'node22', logLevel: 'warning' },
    // The clients of stores that no gateway of these tests uses.
    external: ['bun:*', 'postgres', '@redis/client'],
    // Packages in CommonJS load the modules of Node.
    banner: {
      js:
        "import { createRequire } from 'node:module';const require = createRequire(import.meta.url);",
    },
  })
  await rename(unfinished, file)
  return file
}

async function ownFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'bundle-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  return folder
}
