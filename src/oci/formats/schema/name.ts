/** The name of an answer that the client did not name. */
export const RESPONSE = 'response'

/** What an answer's schema is called: vendors take letters, digits, `_` and `-`. */
export function schemaName(name: string): string {
  return name.slice(0, 64).replace(/[^A-Za-z0-9_-]/g, '_') || RESPONSE
}
