import { readdirSync, readFileSync } from 'node:fs'
import { RECORDINGS } from '../sse/recordings.ts'
import type { Recording } from './split-streams.ts'

const FOLDER = new URL('../fixtures/oci/', import.meta.url)

const FILES: readonly Recording[] = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.sse'))
  .sort()
  .map((file) => ({
    name: file.replace('.sse', ''),
    format: formatOf(file),
    text: readFileSync(new URL(file, FOLDER), 'utf8'),
  }))

/** All streams of test/fixtures, and some with characters beyond ASCII. */
export const RECORDED: readonly Recording[] = [
  ...FILES,
  ...RECORDINGS.map(([name, lines]) => ({
    name,
    format: 'generic' as const,
    text: lines.map((line) => `data: ${line}\n\n`).join(''),
  })),
]

function formatOf(file: string): Recording['format'] {
  return file.startsWith('cohere2') ? 'cohere2' : file.startsWith('cohere') ? 'cohere' : 'generic'
}
