import { ApiError } from '../../errors.ts'
import { completeListedItem } from './complete-item.ts'
import type { StoredItem } from './store.ts'

/** OpenAI's page of items. */
export interface ItemList {
  object: 'list'
  data: readonly StoredItem[]
  first_id: string | null
  last_id: string | null
  has_more: boolean
}

/** The query of a page, as the client sent it. */
export interface PageQuery {
  limit?: string
  order?: string
  after?: string
}

const DEFAULT_LIMIT = 20
const MAX_LIMIT = 100

/** A page of the items of a conversation, the latest first unless `order` is `asc`. */
export function listItems(items: readonly StoredItem[], query: PageQuery): ItemList {
  const { limit = String(DEFAULT_LIMIT), order, after } = query
  const size = Number(limit)
  if (!Number.isInteger(size) || size < 1 || size > MAX_LIMIT) {
    const message = `"limit" must be a whole number from 1 to ${MAX_LIMIT}`
    throw new ApiError('invalid_request', message, { param: 'limit' })
  }
  const ordered = order === 'asc' ? items : items.toReversed()
  const start = after === undefined ? 0 : ordered.findIndex(({ id }) => id === after) + 1
  const data = ordered.slice(start, start + size)
  return {
    object: 'list',
    data: data.map(completeListedItem),
    first_id: idOf(data[0]),
    last_id: idOf(data.at(-1)),
    has_more: start + size < ordered.length,
  }
}

function idOf(item: StoredItem | undefined): string | null {
  return typeof item?.['id'] === 'string' ? item['id'] : null
}
