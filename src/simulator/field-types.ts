import fields from './sdk-fields.json' with { type: 'json' }

/** The type of a field, read from the notation of the official SDK. */
export type FieldType =
  | { kind: 'any' | 'string' | 'number' | 'boolean' | 'date' }
  | { kind: 'enum'; values: readonly string[] }
  | { kind: 'array' | 'map'; of: FieldType }
  /** One of several models, by name; `modelsOf` resolves them. */
  | { kind: 'model'; names: readonly string[] }

/** A model of the SDK: its fields and, for one of several variants, its discriminator. */
export interface Model {
  name: string
  tag: { field: string; value: string } | undefined
  fields: ReadonlyMap<string, Field>
}

export interface Field {
  type: FieldType
  required: boolean
}

interface Row {
  base?: string
  disc?: readonly string[]
  fields: Readonly<Record<string, string>>
  enums?: Readonly<Record<string, readonly string[]>>
}

const ROWS = new Map<string, Row>(Object.entries(fields))
const PRIMITIVES = new Map<string, FieldType>(
  (['any', 'string', 'number', 'boolean'] as const).map((kind) => [kind, { kind }]),
)
const cache = new Map<string, readonly Model[]>()

/** The models that a name means: those derived from it, or the model itself. */
export function modelsOf(name: string): readonly Model[] {
  const cached = cache.get(name)
  if (cached) return cached
  const derived = [...ROWS].filter(([, row]) => row.base === name).map(([child]) => child)
  const models = (derived.length > 0 ? derived : [name]).map(readModel)
  cache.set(name, models)
  return models
}

function readModel(name: string): Model {
  const row = rowOf(name)
  const inherited = row.base === undefined ? {} : rowOf(row.base).fields
  const [field, value] = row.disc ?? []
  return {
    name,
    tag: field === undefined || value === undefined ? undefined : { field, value },
    fields: new Map(
      Object.entries({ ...inherited, ...row.fields }).map(([key, text]) => [key, readField(text)]),
    ),
  }
}

function rowOf(name: string): Row {
  const row = ROWS.get(name)
  if (!row) throw new RangeError(`Cannot read the field table: no model "${name}"`)
  return row
}

function readField(text: string): Field {
  const optional = text.endsWith('?')
  return { type: readType(optional ? text.slice(0, -1) : text), required: !optional }
}

function readType(text: string): FieldType {
  const primitive = PRIMITIVES.get(text)
  if (primitive) return primitive
  if (text === 'Date') return { kind: 'date' }
  const [, wrapper, inner] = /^(Array|Map)<(.+)>$/.exec(text) ?? []
  if (inner !== undefined) return { kind: wrapper === 'Map' ? 'map' : 'array', of: readType(inner) }
  const [owner = '', name] = text.split('.')
  if (name !== undefined) return { kind: 'enum', values: rowOf(owner).enums?.[name] ?? [] }
  return { kind: 'model', names: text.split(' | ') }
}
