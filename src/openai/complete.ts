/** A JSON object. The functions below return the same object if it needs no change. */
export type Json = Readonly<Record<string, unknown>>

/** Adds the members that are missing, or null where their default is not. */
export function withDefaults(object: Json, defaults: Json): Json {
  const missing = Object.entries(defaults)
    .filter(([key, value]) => object[key] === undefined || (object[key] === null && value !== null))
  return missing.length === 0 ? object : { ...object, ...Object.fromEntries(missing) }
}

/** Maps the elements of a member if it is a list. */
export function mapMember(object: Json, key: string, map: (element: unknown) => unknown): Json {
  const list = object[key]
  if (!Array.isArray(list)) return object
  const mapped = list.map(map)
  return mapped.every((element, at) => element === list[at]) ? object : { ...object, [key]: mapped }
}

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Replaces a member of an object. */
export function replaceMember(object: Json, key: string, value: unknown): Json {
  return object[key] === value ? object : { ...object, [key]: value }
}
