/** Writes the OpenAPI document, which the gateway serves at `/openapi.json`: `npm run docs`. */
import { writeFile } from 'node:fs/promises'
import { createDocument } from './openapi/document.ts'

/** Where the document is checked in. */
export const OPENAPI_FILE = new URL('../src/routes/openapi.json', import.meta.url)

/** The text of the document. */
export function documentText(): string {
  return `${JSON.stringify(createDocument(), null, 1)}\n`
}

if (import.meta.main) await writeFile(OPENAPI_FILE, documentText())
