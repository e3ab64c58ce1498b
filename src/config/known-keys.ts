import { isJsonObject } from '../json-object.ts'
import { nearestNames } from '../nearest-names.ts'
import { ConfigFileSchema } from './schema.ts'

/** A key that the schema does not have. */
export interface UnknownKey {
  path: readonly string[]
  /** The key that was probably meant, with dots; `undefined` if none is similar. */
  nearest: string | undefined
}

/** The parts of a valibot schema that are read here. */
interface Schema {
  kind: 'schema'
  /** The members of an object. */
  entries?: Readonly<Record<string, Schema>>
  /** The values of a record. */
  value?: Schema
  /** The schema of an optional value. */
  wrapped?: Schema
}

/** Finds all unknown keys; valibot reports only the first one of each object. */
export function findUnknownKeys(
  value: unknown,
  schema: Schema = ConfigFileSchema,
  path: readonly string[] = [],
): UnknownKey[] {
  const { entries, value: values } = unwrap(schema)
  if (!isJsonObject(value)) return []
  return Object.entries(value).flatMap(([key, member]) => {
    const here = [...path, key]
    const known = entries && Object.hasOwn(entries, key) ? entries[key] : values
    if (known) return findUnknownKeys(member, known, here)
    return entries ? [{ path: here, nearest: nearestKey(key, path, Object.keys(entries)) }] : []
  })
}

/** Longer keys are no typing errors, and comparing them takes time. */
const MAX_COMPARED = 60
/** Shorter keys are part of too many others. */
const MIN_CONTAINED = 4

/** Also finds a key of another object: `maxAttempts` belongs in `retry`. */
function nearestKey(
  key: string,
  path: readonly string[],
  known: readonly string[],
): string | undefined {
  if (key.length > MAX_COMPARED) return undefined
  const here = known.map((name) => [name, [...path, name].join('.')] as const)
  const all = [...here, ...ALL_KEYS]
  const wanted = key.toLowerCase()
  const [nearest] = nearestNames(key, known)
  const found = all.find(([name]) => name.toLowerCase() === wanted) ??
    all.find(([name]) => wanted.length >= MIN_CONTAINED && name.toLowerCase().includes(wanted)) ??
    here.find(([name]) => name === nearest)
  return found?.[1]
}

/** The keys of the file and of its objects, each with its path. */
const ALL_KEYS = Object.entries<Schema>(ConfigFileSchema.entries).flatMap(([name, schema]) => [
  [name, name] as const,
  ...Object.keys(unwrap(schema).entries ?? {}).map((key) => [key, `${name}.${key}`] as const),
])

function unwrap(schema: Schema): Schema {
  return schema.wrapped ? unwrap(schema.wrapped) : schema
}
