import { callLocation, hasRole } from './location.ts'
import type { CallLocation, LocatedMessage } from './location.ts'

const SAFE = /^[A-Za-z0-9_-]{1,64}$/

/** Leaves room for a number at the end. */
const MAX_BASE = 48

/**
 * Chooses a unique id for every call. A client's id stays if it is safe and not used before; other
 * ids are derived from it, so that they stay the same when the conversation grows.
 */
export function chooseCallIds(
  messages: readonly LocatedMessage[],
): ReadonlyMap<CallLocation, string> {
  const calls = messages.filter((located) => hasRole(located, 'assistant')).flatMap((located) =>
    located.message.toolCalls.map(({ id }, position) => ({
      location: callLocation(located.index, position),
      id,
    }))
  )
  const reserved = new Set(calls.map(({ id }) => id))
  const used = new Set<string>()
  const tries = new Map<string, number>()

  const deriveId = (id: string): string => {
    const base = id.replaceAll(/[^A-Za-z0-9_-]/gu, '_').slice(0, MAX_BASE) || 'call'
    for (let count = (tries.get(base) ?? 0) + 1;; count++) {
      const candidate = count === 1 ? base : `${base}_${count}`
      if (reserved.has(candidate) || used.has(candidate)) continue
      tries.set(base, count)
      return candidate
    }
  }
  return new Map(calls.map(({ location, id }) => {
    const chosen = SAFE.test(id) && !used.has(id) ? id : deriveId(id)
    used.add(chosen)
    return [location, chosen]
  }))
}
