import type { Row } from '../row.ts'
import { BEFORE_FIRST_BYTE } from './before-first-byte.ts'
import { CLIENTS } from './clients.ts'
import { STREAMS } from './streams.ts'

/** Every fault, in the order of the table. */
export const ROWS: readonly Row[] = [...BEFORE_FIRST_BYTE, ...STREAMS, ...CLIENTS]
