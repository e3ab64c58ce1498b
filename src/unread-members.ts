import type * as v from 'valibot'
import type { JsonObject } from './json-object.ts'

/** Members without effect on a reply, wherever they are. */
const SILENT = new Set(['type', 'cache_control', 'include_obfuscation'])

/**
 * Returns the paths of the nested members of a validated value that its schema does not have, such as
 * `tools[0].function.cache`: what a client sends there is lost. Members at the top level and values
 * whose schema accepts anything are not searched. The schema has to keep unknown members.
 */
export function findUnreadMembers(
  entries: Readonly<Record<string, v.GenericSchema>>,
  value: Readonly<Record<string, unknown>>,
): readonly string[] {
  const found: string[] = []
  for (const key of Object.keys(value)) {
    if (Object.hasOwn(entries, key)) search(entries[key], value[key], key, found)
  }
  return found
}

/** Like `findUnreadMembers()`, for one value and all its members. `path` is that of the value. */
export function findUnread(
  schema: v.GenericSchema,
  value: unknown,
  path: string,
): readonly string[] {
  const found: string[] = []
  search(schema, value, path, found)
  return found
}

/**
 * Keeps the first of the paths that differ in their indices only: a client sends the same member with
 * every tool or message.
 */
export function firstOfEach(paths: readonly string[]): readonly string[] {
  if (paths.length < 2) return paths
  const first = new Map<string, string>()
  for (const path of paths) {
    const member = path.replace(/\[\d+\]/g, '[]')
    if (!first.has(member)) first.set(member, path)
  }
  return [...first.values()]
}

/** The parts of valibot's schemas that contain others. */
interface Composite {
  type: string
  entries?: Readonly<Record<string, v.GenericSchema>>
  item?: v.GenericSchema
  options?: readonly v.GenericSchema[]
  wrapped?: v.GenericSchema
  /** The member by which the options of a variant differ. */
  key?: string
}

/** Adds the paths of unread members to `found`. */
function search(
  schema: v.GenericSchema | undefined,
  value: unknown,
  path: string,
  found: string[],
): void {
  if (!schema || typeof value !== 'object' || value === null) return
  const composite: Composite = schema
  const { type, entries, item, wrapped } = composite
  if (wrapped) return search(wrapped, value, path, found)
  if (item && Array.isArray(value)) {
    for (const [index, each] of value.entries()) search(item, each, `${path}[${index}]`, found)
    return
  }
  // A list is an object, too, and has indices as members.
  const members = value as JsonObject
  if (type === 'union' || type === 'variant') {
    search(matchingOption(composite, members), value, path, found)
  } else if (entries) {
    searchObject(entries, members, path, found)
  }
}

/** The first option that accepts a value, which at least one does. */
function matchingOption(
  { options = [], key }: Composite,
  value: JsonObject,
): v.GenericSchema | undefined {
  const possible = key === undefined ? options : options.filter((option: Composite) => {
    const schema = option.entries?.[key]
    return !schema || isValid(schema, value[key])
  })
  // A validated value needs no second validation of everything in it.
  return possible.length === 1 ? possible[0] : possible.find((option) => isValid(option, value))
}

function isValid(schema: v.GenericSchema, value: unknown): boolean {
  return !schema['~run']({ value }, { abortEarly: true }).issues
}

function searchObject(
  entries: NonNullable<Composite['entries']>,
  value: JsonObject,
  path: string,
  found: string[],
): void {
  for (const key of Object.keys(value)) {
    const member = value[key]
    if (member === null || member === undefined) continue
    if (!Object.hasOwn(entries, key)) {
      if (!SILENT.has(key)) found.push(`${path}.${key}`)
    } else if (typeof member === 'object') {
      search(entries[key], member, `${path}.${key}`, found)
    }
  }
}
