/** The default name of a response schema. */
export const RESPONSE = 'response'

/** Makes a valid name for a response schema: vendors allow letters, digits, `_` and `-`. */
export function schemaName(name: string): string {
  return name.slice(0, 64).replace(/[^A-Za-z0-9_-]/g, '_') || RESPONSE
}
