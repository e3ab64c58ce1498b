import { ApiError } from '../errors.ts'
import { isJsonObject, type JsonObject } from '../json-object.ts'
import type { Answer } from '../oci/answer.ts'
import type { CallContext } from '../oci/call.ts'
import type { RequestLimits } from '../limits.ts'
import type { OciClient } from '../oci/client.ts'
import type { Passed, PassedRequest } from '../oci/relay/pass-through.ts'
import type { ObjectAccess } from './object-access.ts'

/** Objects that are read at once, and pages that one request reads at most. */
const [PAGE, MAX_PAGES] = [100, 20]
const DEFAULT_LIMIT = 20

interface ListContext {
  oci: Pick<OciClient, 'passThrough'>
  call: CallContext
  access: Pick<ObjectAccess, 'owned'>
  limits: Pick<RequestLimits, 'maxUpstreamCalls'>
}

/**
 * Lists the objects of one client. OCI lists those of all clients of the compartment, so that further
 * pages are read until there is one object more than the client's page has. Nothing in the answer
 * depends on objects of others: neither a cursor nor `has_more`, nor a member such as a total.
 */
export async function listOwned(
  request: PassedRequest,
  { oci, call, access, limits }: ListContext,
): Promise<Answer<Passed>> {
  const limit = Math.max(1, Number(valueOf(request, 'limit') ?? DEFAULT_LIMIT))
  const maxPages = Math.min(MAX_PAGES, limits.maxUpstreamCalls)
  const found: JsonObject[] = []
  let after = valueOf(request, 'after')
  for (let page = 1;; page++) {
    const query = request.query.filter(([name]) => name !== 'limit' && name !== 'after')
    const next = after === undefined ? [] : [['after', after] as const]
    const { value, ...answer } = await oci.passThrough({
      ...request,
      query: [...query, ['limit', String(PAGE)], ...next],
      calls: page === 1 ? maxPages : 1,
    }, call)
    const { list, data } = readList(value)
    const owned = await access.owned(data.flatMap(({ id }) => typeof id === 'string' ? [id] : []))
    found.push(...data.filter(({ id }) => typeof id === 'string' && owned.has(id)))
    const last = data.at(-1)?.['id']
    const hasMore = list['has_more'] === true && typeof last === 'string' && last !== after
    if (hasMore && found.length <= limit && page < maxPages) {
      after = last
      continue
    }
    const shown = found.slice(0, limit)
    const json = {
      ...{ object: list['object'], data: shown, first_id: shown[0]?.['id'] ?? null },
      ...{ last_id: shown.at(-1)?.['id'] ?? null, has_more: found.length > limit },
    }
    const isCut = hasMore && found.length <= limit
    const warnings = [...answer.warnings, ...isCut ? [cutOff(maxPages)] : []]
    return { ...answer, warnings, value: { type: 'whole', json } }
  }
}

function cutOff(pages: number): string {
  return `list: only ${PAGE * pages} objects of the compartment were read`
}

function valueOf({ query }: PassedRequest, wanted: string): string | undefined {
  return query.find(([name]) => name === wanted)?.[1]
}

function readList(value: Passed): { list: JsonObject; data: JsonObject[] } {
  const list = value.type === 'whole' ? value.json : undefined
  if (isJsonObject(list) && Array.isArray(list['data'])) {
    return { list, data: list['data'].filter(isJsonObject) }
  }
  throw new ApiError('upstream_invalid_response', "Cannot read OCI's answer: it is not a list")
}
