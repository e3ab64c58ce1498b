import type { Immediate } from '../promised.ts'
import { type ResponseLimits, type ResponseRecord, responseSize } from '../response-record.ts'
import type { MemoryState } from './state.ts'

type ResponseMethods = Immediate<
  'putResponse' | 'getResponse' | 'deleteResponse' | 'pruneResponses'
>

/** The methods of a store in memory for responses. */
export function createMemoryResponses({ responses }: MemoryState): ResponseMethods {
  const find = (id: string, owner: string, now: number): ResponseRecord | undefined => {
    const found = responses.get(id)
    return found?.owner === owner && found.expiresAt > now ? found : undefined
  }
  return {
    putResponse(record) {
      if (responses.has(record.id)) return false
      responses.set(record.id, record)
      return true
    },
    getResponse: find,
    deleteResponse: (id, owner, now) => find(id, owner, now) !== undefined && responses.delete(id),
    pruneResponses: (limits, now) => prune(responses, limits, now),
  }
}

function prune(
  responses: MemoryState['responses'],
  { maxItems, maxBytes }: ResponseLimits,
  now: number,
): number {
  const before = responses.size
  let [items, bytes] = [0, 0]
  for (const { id, content, expiresAt } of [...responses.values()].sort(compareAge)) {
    const isExpired = expiresAt <= now
    if (!isExpired) {
      items++
      bytes += responseSize(content)
    }
    if (isExpired || items > maxItems || bytes > maxBytes) responses.delete(id)
  }
  return before - responses.size
}

/** Newest first. */
function compareAge(one: ResponseRecord, other: ResponseRecord): number {
  return other.createdAt - one.createdAt || (one.id < other.id ? 1 : -1)
}
