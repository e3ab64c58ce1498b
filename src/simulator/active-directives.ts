import { type Directives, numberOf, textOf, withoutFaults } from './directives.ts'

/** The directives of a call, counted: without their faults once these have had their `times`. */
export function activeDirectives(
  directives: Directives,
  requestedId: string,
  calls: Map<string, number>,
): Directives {
  const times = numberOf(directives, 'times')
  if (times === undefined) return directives
  const key = textOf(directives, 'key') ?? requestedId
  const count = (calls.get(key) ?? 0) + 1
  calls.set(key, count)
  return count > times ? withoutFaults(directives) : directives
}
