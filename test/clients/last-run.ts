import { readFile, writeFile } from 'node:fs/promises'

/** The result of the last run of a client. */
export interface Result {
  client: string
  version: string
  passed: number
  failed: number
  /** The date, such as `2026-01-31`. */
  date: string
}

const FILE = new URL('last-run.json', import.meta.url)

/** Reads the stored results. */
export async function readResults(): Promise<readonly Result[]> {
  return JSON.parse(await readFile(FILE, 'utf8'))
}

/** Stores new results; they replace those of the same clients. */
export async function keepResults(results: readonly Result[]): Promise<void> {
  const isNew = ({ client }: Result) => results.some((result) => result.client === client)
  const older = (await readResults()).filter((result) => !isNew(result))
  const all = [...older, ...results].sort((one, other) => one.client < other.client ? -1 : 1)
  await writeFile(FILE, `${JSON.stringify(all, null, 2)}\n`)
}
