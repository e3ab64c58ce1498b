import { isJsonObject } from '../../../json-object.ts'
import type { JsonSchema } from '../../../chat/model.ts'
import { fingerprint } from './fingerprint.ts'
import { omit } from './keywords.ts'
import { mergeSchemas } from './merge.ts'
import { describeAlternatives } from './outline.ts'

const UNION = new Set(['anyOf', 'oneOf'])
const CONST = new Set(['const'])
const LITERAL = new Set(['type', 'enum', 'nullable'])

/** Maximum depth of unions directly inside unions; deeper ones are dropped. */
const MAX_UNIONS = 16

/**
 * Replaces unions by a schema of one type: `const` becomes an enum of one value, a union with null
 * becomes `nullable`, and any other union becomes what its branches share, with the branches in the
 * description.
 */
export function normalizeUnions(schema: JsonSchema, unions = 0): JsonSchema {
  // Types are normalized again, because branches may add null to the enum.
  return normalizeTypes(normalizeUnion(normalizeTypes(normalizeConst(schema)), unions))
}

function normalizeConst(schema: JsonSchema): JsonSchema {
  if (!Object.hasOwn(schema, 'const')) return schema
  return { ...omit(schema, CONST), enum: [schema['const']] }
}

function normalizeTypes(schema: JsonSchema): JsonSchema {
  const { type, enum: values, description } = schema
  if (!Array.isArray(type) && !listOf(values).includes(null)) return schema
  const types = listOf(type)
  const [first, ...others] = types.filter((one) => one !== 'null')
  const literals = listOf(values).filter((value) => value !== null)
  const isNullable = types.length > 0 && first === undefined
    ? false
    : types.includes('null') || (literals.length > 0 && listOf(values).includes(null))
  return {
    ...schema,
    ...(types.length > 0 && { type: first ?? 'null' }),
    ...(isNullable && { nullable: true }),
    ...(isNullable && literals.length > 0 && { enum: literals }),
    ...(others.length > 0 && {
      description: describeAlternatives(
        description,
        [first, ...others].map((name) => ({ type: name })),
      ),
    }),
  }
}

function normalizeUnion(schema: JsonSchema, unions: number): JsonSchema {
  if (unions >= MAX_UNIONS) return omit(schema, UNION)
  const branches = [...listOf(schema['anyOf']), ...listOf(schema['oneOf'])]
  if (branches.length === 0) return omit(schema, UNION)
  const all = branches.filter((branch) => branch !== false).map((raw) => ({
    raw,
    schema: normalizeUnions(isJsonObject(raw) ? raw : {}, unions + 1),
  }))
  const real = distinct(all.filter(({ schema: branch }) => typeOf(branch) !== 'null'))
  const isNullable = all.some(({ schema: branch }) => acceptsNull(branch))
  const schemas = real.map((branch) => branch.schema)
  const own = omit(schema, UNION)
  if (schemas.length === 0) return isNullable ? { type: 'null', ...own } : own
  return {
    ...mergeSchemas([mergeBranches(schemas), own]),
    ...describe(own['description'], schemas, real.map(({ raw }) => raw)),
    ...(isNullable && { nullable: true }),
  }
}

function describe(
  own: unknown,
  [first, ...others]: readonly JsonSchema[],
  raw: readonly unknown[],
): JsonSchema {
  if (first && !isLossless([first, ...others])) {
    return { description: describeAlternatives(own, raw) }
  }
  const texts = [own, others.length === 0 ? first?.['description'] : undefined]
    .filter((text) => typeof text === 'string' && text !== '')
  return texts.length === 0 ? {} : { description: [...new Set(texts)].join('\n') }
}

/** Merges branches of one type each into one schema that accepts what any of them accepts. */
function mergeBranches(branches: readonly JsonSchema[]): JsonSchema {
  if (branches.length === 1) return branches[0] ?? {}
  const type = chooseType(branches.map(typeOf))
  const sameType = branches.filter((branch) => typeOf(branch) === type)
  const isSameType = sameType.length === branches.length
  return {
    ...(type !== undefined && { type }),
    ...(isSameType && shared(branches)),
    ...(isSameType && mergeEnums(branches)),
    ...mergeProperties(sameType),
    ...mergeItems(sameType),
  }
}

/** Of different types, prefers object and string, which describe a value best, else the first. */
function chooseType(types: readonly (string | undefined)[]): string | undefined {
  const isNumeric = types.every((type) => type === 'integer' || type === 'number')
  if (isNumeric && new Set(types).size > 1) return 'number'
  return types.find((type) => type === 'object' || type === 'string') ?? types[0]
}

/** Keywords with the same value in every branch, except those that are merged by their meaning. */
function shared([first = {}, ...others]: readonly JsonSchema[]): JsonSchema {
  const merged = new Set(['type', 'enum', 'properties', 'required', 'items', 'nullable'])
  const isShared = ([keyword, value]: [string, unknown]) =>
    !merged.has(keyword) &&
    others.every((other) => fingerprint(other[keyword]) === fingerprint(value))
  return Object.fromEntries(Object.entries(first).filter(isShared))
}

function mergeEnums(branches: readonly JsonSchema[]): JsonSchema {
  if (!branches.every((branch) => Array.isArray(branch['enum']))) return {}
  return { enum: [...new Set(branches.flatMap((branch) => listOf(branch['enum'])))] }
}

function mergeProperties(branches: readonly JsonSchema[]): JsonSchema {
  const records = branches.map(({ properties }) => properties).filter(isJsonObject)
  const byName = Map.groupBy(records.flatMap((record) => Object.entries(record)), ([name]) => name)
  const properties = byName.entries().map(([name, found]): [string, unknown] => [
    name,
    eitherOf(found.map(([, schema]) => schema)),
  ])
  const required = branches.map((branch) => new Set(listOf(branch['required'])))
    .reduce((all, one) => all.intersection(one), new Set(listOf(branches[0]?.['required'])))
  return {
    ...(records.length > 0 && { properties: Object.fromEntries(properties) }),
    ...(required.size > 0 && { required: [...required] }),
  }
}

function mergeItems(branches: readonly JsonSchema[]): JsonSchema {
  if (branches.every((branch) => branch['items'] === undefined)) return {}
  return { items: eitherOf(branches.map((branch) => branch['items'] ?? {})) }
}

function eitherOf(schemas: readonly unknown[]): unknown {
  const different = distinct(schemas.map((schema) => ({ schema }))).map(({ schema }) => schema)
  return different.length === 1 ? different[0] : { anyOf: different }
}

/** The JSON type of a schema, explicit or inferred from its other keywords. */
export function typeOf({ type, enum: values, properties, items }: JsonSchema): string | undefined {
  if (typeof type === 'string') return type
  if (properties !== undefined) return 'object'
  if (items !== undefined) return 'array'
  const kinds = new Set(listOf(values).map(kindOf))
  return kinds.size === 1 ? kinds.values().next().value : undefined
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  return Number.isInteger(value) ? 'integer' : typeof value
}

/** Whether the merged schema expresses all that the branches express. */
function isLossless(branches: readonly JsonSchema[]): boolean {
  const isLiteral = (branch: JsonSchema) =>
    Array.isArray(branch['enum']) && Object.keys(branch).every((key) => LITERAL.has(key))
  const isOneType = new Set(branches.map(typeOf)).size === 1
  return branches.length === 1 || (branches.every(isLiteral) && isOneType)
}

function acceptsNull(schema: JsonSchema): boolean {
  return schema['nullable'] === true || typeOf(schema) === 'null'
}

function distinct<Entry extends { schema: unknown }>(all: readonly Entry[]): readonly Entry[] {
  if (all.length < 2) return all
  const byFingerprint = Map.groupBy(all, ({ schema }) => fingerprint(schema))
  return byFingerprint.values()
    .map(([first]) => first)
    .filter((entry) => entry !== undefined)
    .toArray()
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
