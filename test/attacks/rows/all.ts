import type { Row } from '../row.ts'
import { ABANDONED } from './abandoned.ts'
import { LARGE_ANSWERS } from './answers.ts'
import { CHAT } from './chat.ts'
import { ISOLATION } from './isolation.ts'
import { LISTS } from './lists.ts'
import { MESSAGES } from './messages.ts'
import { PATHS } from './paths.ts'
import { RESOURCES } from './resources.ts'
import { RESPONSES } from './responses.ts'

/** Every attack. */
export const ROWS: readonly Row[] = [
  ...ABANDONED,
  ...ISOLATION,
  ...PATHS,
  ...RESOURCES,
  ...LARGE_ANSWERS,
  ...CHAT,
  ...RESPONSES,
  ...MESSAGES,
  ...LISTS,
]
