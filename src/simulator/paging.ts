import { decodeBase64Url, encodeBase64Url } from './base64.ts'
import { badParameter, type ServiceError } from './service-error.ts'

/** A part of a list, and the token of the next one. */
export interface Page<Item> {
  items: readonly Item[]
  /** `undefined` on the last page. */
  next: string | undefined
}

/** Small, so that whoever forgets to turn the page headers. */
const PAGE_SIZE = 10
const LARGEST_PAGE = 1_000

/** The part of a list that `limit` and `page` ask for. */
export function paginate<Item>(
  items: readonly Item[],
  query: URLSearchParams,
): Page<Item> | ServiceError {
  const limit = Number(query.get('limit') ?? PAGE_SIZE)
  if (!Number.isInteger(limit) || limit < 1 || limit > LARGEST_PAGE) {
    return badParameter(`Invalid limit: ${query.get('limit')}`)
  }
  const token = query.get('page')
  const start = token === null ? 0 : startOf(token)
  if (start === undefined || start >= Math.max(1, items.length)) {
    return badParameter(`Invalid page: ${token}`)
  }
  const end = start + limit
  return { items: items.slice(start, end), next: end < items.length ? tokenOf(end) : undefined }
}

function tokenOf(start: number): string {
  return encodeBase64Url(`simulator:${start}`)
}

function startOf(token: string): number | undefined {
  const [, digits] = /^simulator:(\d+)$/.exec(decodeBase64Url(token) ?? '') ?? []
  return digits === undefined ? undefined : Number(digits)
}
