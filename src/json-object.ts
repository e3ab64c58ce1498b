/** A JSON object with any members. */
export type JsonObject = Readonly<Record<string, unknown>>

/** Whether a value of JSON is an object: neither a list nor null. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
