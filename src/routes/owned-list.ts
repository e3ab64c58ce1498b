import { ApiError } from '../errors.ts'
import { isJsonObject, type JsonObject } from '../json-object.ts'
import type { Answer } from '../oci/answer.ts'
import type { CallContext } from '../oci/call.ts'
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
}

/**
 * Lists the objects of one client. OCI lists those of all clients of the compartment, so that further
 * pages are read until the client's page is full. After `MAX_PAGES` the page may be shorter, and
 * `has_more` and `last_id` let the client continue.
 */
export async function listOwned(
  request: PassedRequest,
  { oci, call, access }: ListContext,
): Promise<Answer<Passed>> {
  const limit = Math.max(1, Number(valueOf(request, 'limit') ?? DEFAULT_LIMIT))
  const found: JsonObject[] = []
  let after = valueOf(request, 'after')
  for (let page = 1;; page++) {
    const query = request.query.filter(([name]) => name !== 'limit' && name !== 'after')
    const next = after === undefined ? [] : [['after', after] as const]
    const { value, ...answer } = await oci.passThrough({
      ...request,
      query: [...query, ['limit', String(PAGE)], ...next],
      calls: page === 1 ? MAX_PAGES : 1,
    }, call)
    const { list, data } = readList(value)
    const owned = await access.owned(data.flatMap(({ id }) => typeof id === 'string' ? [id] : []))
    found.push(...data.filter(({ id }) => typeof id === 'string' && owned.has(id)))
    const last = data.at(-1)?.['id']
    const hasMore = list['has_more'] === true && typeof last === 'string'
    if (hasMore && found.length < limit && page < MAX_PAGES && last !== after) {
      after = last
      continue
    }
    const shown = found.slice(0, limit)
    const lastShown = found.length > 0 ? shown.at(-1)?.['id'] : hasMore ? last : null
    const json = {
      ...{ ...list, data: shown, first_id: shown[0]?.['id'] ?? null, last_id: lastShown ?? null },
      has_more: hasMore || found.length > limit,
    }
    return { ...answer, value: { type: 'whole', json } }
  }
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
