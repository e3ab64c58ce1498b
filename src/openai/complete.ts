import type { JsonObject } from '../json-object.ts'

/** Adds the members that are missing, or null where their default is not. */
export function withDefaults(object: JsonObject, defaults: JsonObject): JsonObject {
  const missing = Object.entries(defaults)
    .filter(([key, value]) => object[key] === undefined || (object[key] === null && value !== null))
  return missing.length === 0 ? object : { ...object, ...Object.fromEntries(missing) }
}

/** Maps the elements of a member if it is a list. */
export function mapMember(
  object: JsonObject,
  key: string,
  map: (element: unknown, index: number) => unknown,
): JsonObject {
  const list = object[key]
  if (!Array.isArray(list)) return object
  const mapped = list.map((element: unknown, index) => map(element, index))
  return mapped.every((element, at) => element === list[at]) ? object : { ...object, [key]: mapped }
}

/** Replaces a member of an object. */
export function replaceMember(object: JsonObject, key: string, value: unknown): JsonObject {
  return object[key] === value ? object : { ...object, [key]: value }
}
