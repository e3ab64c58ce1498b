/**
 * Writes the OpenAPI document: readable in `docs/openapi.json`, and compressed as a module, which the
 * gateway serves at `/openapi.json` without a file or a chunk of its own. `npm run docs` runs it.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { gunzipSync, gzipSync } from 'node:zlib'
import { createDocument } from './openapi/document.ts'

/** Where the document is checked in. */
export const OPENAPI_FILE = new URL('../docs/openapi.json', import.meta.url)
const MODULE_FILE = new URL('../src/routes/openapi.generated.ts', import.meta.url)

/** The text of the document. */
export function documentText(): string {
  return `${JSON.stringify(createDocument(), null, 2)}\n`
}

/** Writes both files. The module stays as it is while its content does: compressors differ. */
export async function writeDocument(): Promise<void> {
  await writeFile(OPENAPI_FILE, documentText())
  const content = JSON.stringify(createDocument())
  const old = /'([A-Za-z0-9+/=]+)'/.exec(await readFile(MODULE_FILE, 'utf8').catch(() => ''))?.[1]
  if (old && gunzipSync(Buffer.from(old, 'base64')).toString() === content) return
  const text = gzipSync(content, { level: 9 }).toString('base64')
  await writeFile(
    MODULE_FILE,
    `// Made by tools/openapi.ts. Do not edit.\nexport const GZIP = '${text}'\n`,
  )
}

if (import.meta.main) await writeDocument()
