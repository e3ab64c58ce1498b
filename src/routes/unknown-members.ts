import { warnOfUnknown } from '../chat/warnings.ts'

/** A line for each member of a body that no schema knows and that says something, its name first. */
export function unknownMembers(
  body: Readonly<Record<string, unknown>>,
  { entries }: { entries: object },
): readonly string[] {
  return warnOfUnknown(body, (key) => Object.hasOwn(entries, key) || QUIET.has(key))
}

/** Tells OpenAI who asks; no answer depends on it. */
const QUIET = new Set(['user', 'safety_identifier'])
