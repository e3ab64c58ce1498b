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

/** Requests of a size of all kinds. */
const SIZED: readonly Row[] = [...CHAT, ...RESPONSES, ...MESSAGES, ...LISTS]

/** One request of each shape, sent concurrently. */
const MIXTURE: Row = {
  id: 'F2-mixture',
  title: '32 requests at once, of all shapes (4 at a time on workerd)',
  gateway: 'loaded',
  attack: {
    type: 'mixture',
    make: (bytes) =>
      SIZED.flatMap(({ attack }) =>
        attack.type === 'request' && attack.crowd ? [attack.make(bytes)] : []
      ),
  },
}

/** All attacks. */
export const ROWS: readonly Row[] = [
  ...ABANDONED,
  ...ISOLATION,
  ...PATHS,
  ...RESOURCES,
  ...LARGE_ANSWERS,
  ...SIZED,
  MIXTURE,
]
