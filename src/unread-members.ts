import type * as v from 'valibot'

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
  return Object.entries(entries).flatMap(([key, schema]) => search(schema, value[key], key))
}

/** Like `findUnreadMembers()`, for one value and all its members. `path` is that of the value. */
export function findUnread(
  schema: v.GenericSchema,
  value: unknown,
  path: string,
): readonly string[] {
  return search(schema, value, path)
}

/**
 * Keeps the first of the paths that differ in their indices only: a client sends the same member with
 * every tool or message.
 */
export function firstOfEach(paths: readonly string[]): readonly string[] {
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
}

function search(schema: v.GenericSchema, value: unknown, path: string): readonly string[] {
  if (typeof value !== 'object' || value === null) return []
  const { type, entries, item, options, wrapped }: Composite = schema
  if (wrapped) return search(wrapped, value, path)
  if (item && Array.isArray(value)) {
    return value.flatMap((each, index) => search(item, each, `${path}[${index}]`))
  }
  if (type === 'union' || type === 'variant') {
    const matching = options?.find((option) =>
      !option['~run']({ value }, { abortEarly: true }).issues
    )
    return matching ? search(matching, value, path) : []
  }
  return entries ? searchObject(entries, value, path) : []
}

function searchObject(
  entries: NonNullable<Composite['entries']>,
  value: object,
  path: string,
): readonly string[] {
  return Object.entries(value).flatMap(([key, member]) => {
    const schema = Object.hasOwn(entries, key) ? entries[key] : undefined
    if (schema) return search(schema, member, `${path}.${key}`)
    const hasEffect = !SILENT.has(key) && member !== null && member !== undefined
    return hasEffect ? [`${path}.${key}`] : []
  })
}
