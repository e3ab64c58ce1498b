import { ApiError } from '../errors.ts'
import type { QueryParameter } from '../oci/http/upstream-url.ts'

/** The query of a request for a stored response, as far as OpenAI documents it. */
export interface StoredQuery {
  parameters: readonly QueryParameter[]
  /** A line for each parameter that is left out, its name first. */
  warnings: readonly string[]
}

/** The three operations on a stored response. */
export type StoredOperation = 'retrieve' | 'delete' | 'list-items'

interface Rule {
  isValid(value: string): boolean
  /** Completes the sentence `"limit" …`. */
  wish: string
  /** Whether it may be repeated. */
  isList?: boolean
}

const SWITCH: Rule = {
  isValid: (value) => value === 'true' || value === 'false',
  wish: 'must be true or false',
}
const ITEM_ID: Rule = {
  isValid: (value) => /^[A-Za-z0-9_-]{1,128}$/.test(value),
  wish: 'must be the id of an item',
}
const INCLUDE: Rule = {
  isValid: (value) => /^[a-z0-9_.]{1,128}$/.test(value),
  wish: 'must be the name of a field, such as reasoning.encrypted_content',
  isList: true,
}

/** What OpenAI documents for each of them; `include` is also written `include[]`. */
const RULES: Readonly<Record<StoredOperation, ReadonlyMap<string, Rule>>> = {
  'retrieve': new Map([
    ['include', INCLUDE],
    ['include[]', INCLUDE],
    ['include_obfuscation', SWITCH],
    ['starting_after', { isValid: isCount, wish: 'must be the sequence number of an event' }],
    ['stream', SWITCH],
  ]),
  'delete': new Map(),
  'list-items': new Map([
    ['after', ITEM_ID],
    ['before', ITEM_ID],
    ['include', INCLUDE],
    ['include[]', INCLUDE],
    ['limit', { isValid: isPageSize, wish: 'must be a whole number from 1 to 100' }],
    ['order', {
      isValid: (value) => value === 'asc' || value === 'desc',
      wish: 'must be asc or desc',
    }],
  ]),
}

/** OpenAI documents fewer values of `include` than this. */
const MAX_INCLUDES = 16

/** Reads the query of a client; a documented parameter with another value is a 400. */
export function readStoredQuery(
  search: URLSearchParams,
  operation: StoredOperation,
): StoredQuery {
  const rules = RULES[operation]
  const given = [...search]
  const known = given.filter(([name]) => rules.has(name))
  const unknown = new Set(given.flatMap(([name]) => rules.has(name) ? [] : [name]))
  const counts = new Map<string, number>()
  for (const [name, value] of known) {
    const { isValid, wish, isList = false } = rules.get(name) ?? SWITCH
    const count = (counts.get(name) ?? 0) + 1
    counts.set(name, count)
    if (!isValid(value)) throw refused(name, wish)
    if (count > (isList ? MAX_INCLUDES : 1)) throw refused(name, 'is given too often')
  }
  return {
    parameters: known,
    warnings: [...unknown].slice(0, MAX_INCLUDES).map((name) =>
      `${name.slice(0, 40)}: not a parameter of this request, left out`
    ),
  }
}

function isCount(value: string): boolean {
  return /^\d{1,15}$/.test(value)
}

function isPageSize(value: string): boolean {
  return /^\d{1,3}$/.test(value) && Number(value) >= 1 && Number(value) <= 100
}

function refused(param: string, wish: string): ApiError {
  return new ApiError('invalid_request', `"${param}" ${wish}`, { param })
}
