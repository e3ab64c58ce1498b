import { callLocation, hasRole } from './location.ts'
import type { CallLocation, LocatedMessage } from './location.ts'

const SAFE = /^[A-Za-z0-9_-]{1,64}$/

/** Leaves room for a number behind it. */
const MAX_BASE = 48

/**
 * An id for every call, no two alike: the client's own wherever it is safe and new, and the same
 * one again when the conversation comes back longer.
 */
export function chooseCallIds(
  messages: readonly LocatedMessage[],
): ReadonlyMap<CallLocation, string> {
  const calls = messages.filter((placed) => hasRole(placed, 'assistant')).flatMap((placed) =>
    placed.message.toolCalls.map(({ id }, position) => ({
      place: callLocation(placed.index, position),
      id,
    }))
  )
  const reserved = new Set(calls.map(({ id }) => id))
  const used = new Set<string>()
  const tries = new Map<string, number>()

  const makeUp = (id: string): string => {
    const base = id.replaceAll(/[^A-Za-z0-9_-]/gu, '_').slice(0, MAX_BASE) || 'call'
    for (let count = (tries.get(base) ?? 0) + 1;; count++) {
      const candidate = count === 1 ? base : `${base}_${count}`
      if (reserved.has(candidate) || used.has(candidate)) continue
      tries.set(base, count)
      return candidate
    }
  }
  return new Map(calls.map(({ place, id }) => {
    const chosen = SAFE.test(id) && !used.has(id) ? id : makeUp(id)
    used.add(chosen)
    return [place, chosen]
  }))
}
