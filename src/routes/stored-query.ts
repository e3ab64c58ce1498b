import { ApiError } from '../errors.ts'
import type { QueryParameter } from '../oci/http/upstream-url.ts'

/** The query of a request for a stored response, limited to the parameters of OpenAI's API. */
export interface StoredQuery {
  parameters: readonly QueryParameter[]
  /** A line for each unknown parameter, name first. */
  warnings: readonly string[]
}

/** The three operations on a stored response. */
export type StoredOperation = 'retrieve' | 'delete' | 'list-items'

interface Rule {
  isValid(value: string): boolean
  /** The error message after the name: `"limit" …`. */
  requirement: string
  /** Whether the parameter may be repeated. */
  isList?: boolean
}

const BOOLEAN: Rule = {
  isValid: (value) => value === 'true' || value === 'false',
  requirement: 'must be true or false',
}
const ITEM_ID: Rule = {
  isValid: (value) => /^[A-Za-z0-9_-]{1,128}$/.test(value),
  requirement: 'must be the id of an item',
}
const INCLUDE: Rule = {
  isValid: (value) => /^[a-z0-9_.]{1,128}$/.test(value),
  requirement: 'must be the name of a field, such as reasoning.encrypted_content',
  isList: true,
}

/** The parameters that OpenAI documents for each operation. Clients also write `include[]`. */
const RULES: Readonly<Record<StoredOperation, ReadonlyMap<string, Rule>>> = {
  'retrieve': new Map([
    ['include', INCLUDE],
    ['include[]', INCLUDE],
    ['include_obfuscation', BOOLEAN],
    ['starting_after', {
      isValid: isCount,
      requirement: 'must be the sequence number of an event',
    }],
    ['stream', BOOLEAN],
  ]),
  'delete': new Map(),
  'list-items': new Map([
    ['after', ITEM_ID],
    ['before', ITEM_ID],
    ['include', INCLUDE],
    ['include[]', INCLUDE],
    ['limit', { isValid: isPageSize, requirement: 'must be a whole number from 1 to 100' }],
    ['order', {
      isValid: (value) => value === 'asc' || value === 'desc',
      requirement: 'must be asc or desc',
    }],
  ]),
}

/** OpenAI documents fewer values of `include`. */
const MAX_INCLUDES = 16

/** Reads a client's query. Throws an `invalid_request` for an invalid value of a known parameter. */
export function readStoredQuery(
  search: URLSearchParams,
  operation: StoredOperation,
): StoredQuery {
  const rules = RULES[operation]
  const parameters = [...search]
  const known = parameters.filter(([name]) => rules.has(name))
  const unknown = new Set(parameters.flatMap(([name]) => rules.has(name) ? [] : [name]))
  const counts = new Map<string, number>()
  for (const [name, value] of known) {
    const { isValid, requirement, isList = false } = rules.get(name) ?? BOOLEAN
    const count = (counts.get(name) ?? 0) + 1
    counts.set(name, count)
    if (!isValid(value)) throw invalidParameter(name, requirement)
    const max = isList ? MAX_INCLUDES : 1
    if (count > max) throw invalidParameter(name, `must occur at most ${max} times`)
  }
  return {
    parameters: known,
    warnings: [...unknown].slice(0, MAX_INCLUDES).map((name) =>
      `${name.slice(0, 40)}: unknown parameter, ignored`
    ),
  }
}

function isCount(value: string): boolean {
  return /^\d{1,15}$/.test(value)
}

function isPageSize(value: string): boolean {
  return /^\d{1,3}$/.test(value) && Number(value) >= 1 && Number(value) <= 100
}

function invalidParameter(param: string, requirement: string): ApiError {
  return new ApiError('invalid_request', `"${param}" ${requirement}`, { param })
}
