import assert from 'node:assert/strict'

/** The members of `full` that `part` has, too, so that optional ones may be left out. */
export function onlyMembersOf(part: unknown, full: unknown): unknown {
  if (Array.isArray(part) && Array.isArray(full)) {
    assert.equal(part.length, full.length)
    return full.map((value, index) => onlyMembersOf(part[index], value))
  }
  // OTLP has one kind of integers in JSON: strings. The serializer writes small ones as numbers.
  if (typeof part === 'string' && typeof full === 'number') return String(full)
  if (typeof part !== 'object' || typeof full !== 'object' || !part || !full) return full
  const members = Object.entries(full).filter(([key]) => key in part)
  return Object.fromEntries(
    members.map(([key, value]) => [key, onlyMembersOf(part[key as keyof typeof part], value)]),
  )
}
