/** A line for each member of a body that no schema knows and that says something, its name first. */
export function unknownMembers(
  body: Readonly<Record<string, unknown>>,
  { entries }: { entries: object },
): string[] {
  return Object.keys(body)
    .filter((key) => !Object.hasOwn(entries, key) && !QUIET.has(key))
    .filter((key) => (body[key] ?? undefined) !== undefined)
    .map((key) => `${key}: not known, left out`)
}

/** Tells OpenAI who asks; no answer depends on it. */
const QUIET = new Set(['user', 'safety_identifier'])
