import type { Row } from '../row.ts'
import { CLIENTS } from './clients.ts'
import { CONNECTIONS } from './connections.ts'
import { OTHER_APIS } from './client-apis.ts'
import { ENCODINGS } from './encodings.ts'
import { PROCESSES } from './processes.ts'
import { REFUSALS } from './refusals.ts'
import { REQUESTS } from './requests.ts'
import { STREAMS } from './streams.ts'

/** Every fault, in the order of the table. */
export const ROWS: readonly Row[] = [
  ...REFUSALS,
  ...CONNECTIONS,
  ...STREAMS,
  ...CLIENTS,
  ...REQUESTS,
  ...ENCODINGS,
  ...PROCESSES,
  ...OTHER_APIS,
].sort((one, other) => one.id.localeCompare(other.id, 'en', { numeric: true }))

/** The rows whose ids begin with one of the prefixes; all rows without prefixes. */
export function rowsOf(prefixes: readonly string[]): readonly Row[] {
  return ROWS.filter(({ id }) =>
    prefixes.length === 0 || prefixes.some((prefix) => id.startsWith(prefix))
  )
}
