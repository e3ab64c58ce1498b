import type { Row } from '../row.ts'
import { CHAT } from './chat.ts'
import { LISTS } from './lists.ts'
import { MESSAGES } from './messages.ts'
import { RESPONSES } from './responses.ts'

/** Every attack. */
export const ROWS: readonly Row[] = [...CHAT, ...RESPONSES, ...MESSAGES, ...LISTS]
