/** Returns the first problem that a check finds, in the order of the items. */
export function firstProblem<Item, Problem>(
  items: Iterable<Item>,
  check: (item: Item) => Problem | undefined,
): Problem | undefined {
  for (const item of items) {
    const problem = check(item)
    if (problem !== undefined) return problem
  }
  return undefined
}

/** Whether a value is a JSON object. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Appends a member's name to a path: `chatRequest.messages`. */
export function joinPath(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`
}
