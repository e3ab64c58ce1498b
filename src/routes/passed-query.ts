import { ApiError } from '../errors.ts'
import type { QueryParameter } from '../oci/http/upstream-url.ts'

/** The parameters of OpenAI's endpoints for stored objects, with the pattern of their values. */
const PARAMETERS: ReadonlyMap<string, RegExp> = new Map([
  ['after', /^[\w-]{1,128}$/],
  ['before', /^[\w-]{1,128}$/],
  ['filter', /^\w{1,40}$/],
  ['include', /^[a-z\d_.[\]*]{1,128}$/],
  ['include[]', /^[a-z\d_.[\]*]{1,128}$/],
  ['limit', /^\d{1,5}$/],
  ['name', /^[^\p{Cc}]{1,256}$/u],
  ['order', /^(?:asc|desc)$/],
  ['purpose', /^\w{1,64}$/],
])

const MAX_PARAMETERS = 32

/** Reads a client's query. Other parameters are left out, with a warning for each. */
export function readPassedQuery(
  search: URLSearchParams,
): { query: QueryParameter[]; warnings: string[] } {
  const parameters = [...search].slice(0, MAX_PARAMETERS)
  const query = parameters.filter(([name]) => PARAMETERS.has(name))
  for (const [name, value] of query) {
    if (PARAMETERS.get(name)?.test(value)) continue
    throw new ApiError('invalid_request', `"${name}" has an invalid value`, { param: name })
  }
  const unknown = new Set(parameters.flatMap(([name]) => PARAMETERS.has(name) ? [] : [name]))
  const warnings = [...unknown].map((name) => `${name.slice(0, 40)}: unknown parameter, ignored`)
  return { query, warnings }
}
