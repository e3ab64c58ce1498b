import { decodeBase64Url, encodeBase64Url } from './base64.ts'
import { badParameter, type ServiceError } from './service-error.ts'

/** Small, so that a client that ignores `opc-next-page` misses items. */
const DEFAULT_PAGE_SIZE = 10
const MAX_PAGE_SIZE = 1_000

/** A page of a list, and the header that leads to the next one. */
export interface Page {
  items: readonly object[]
  headers: Headers
}

/** Responds with the page of a list that `limit` and `page` select. */
export function pageResponse(
  items: readonly object[],
  query: URLSearchParams,
): Response | ServiceError {
  const page = pageOf(items, query)
  return 'code' in page ? page : Response.json({ items: page.items }, { headers: page.headers })
}

/** Selects the page of a list that `limit` and `page` name. */
export function pageOf(items: readonly object[], query: URLSearchParams): Page | ServiceError {
  const limit = Number(query.get('limit') ?? DEFAULT_PAGE_SIZE)
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_PAGE_SIZE) {
    return badParameter(`Invalid limit: ${query.get('limit')}`)
  }
  const token = query.get('page')
  const start = token === null ? 0 : startOf(token)
  if (start === undefined || start >= Math.max(1, items.length)) {
    return badParameter(`Invalid page: ${token}`)
  }
  const end = start + limit
  const headers = new Headers(end < items.length ? { 'opc-next-page': tokenOf(end) } : {})
  return { items: items.slice(start, end), headers }
}

function tokenOf(start: number): string {
  return encodeBase64Url(`simulator:${start}`)
}

function startOf(token: string): number | undefined {
  const [, digits] = /^simulator:(\d+)$/.exec(decodeBase64Url(token) ?? '') ?? []
  return digits === undefined ? undefined : Number(digits)
}
