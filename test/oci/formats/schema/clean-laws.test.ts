import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import type { JsonSchema } from '../../../../src/chat/model.ts'
import type { SchemaDialect } from '../../../../src/oci/models/profiles.ts'
import { cleanSchema } from '../../../../src/oci/formats/schema/clean.ts'
import { cpuTimeOf } from '../../../cpu-time.ts'

const DIALECTS: SchemaDialect[] = ['native', 'inlined', 'portable', 'gemini']
const NO_REFERENCES: SchemaDialect[] = ['inlined', 'portable', 'gemini']

const REFERENCES = ['$ref', '$dynamicRef', '$recursiveRef', '$defs', 'definitions']
const NOTES = ['title', '$schema', '$id', 'examples', 'x-order', '~optional', 'nullable', 'const']
const GEMINI_WORDS = [
  ...['type', 'description', 'enum', 'format', 'nullable', 'properties', 'required', 'items'],
  ...['minimum', 'maximum'],
]

/** For each dialect: why a schema must not be sent at any level; `undefined` if it may. */
const FAULTS: Record<SchemaDialect, (schema: JsonSchema) => string | undefined> = {
  native: () => undefined,
  inlined: (schema) => ghostIn(schema) ?? wordOf(schema, REFERENCES),
  portable: (schema) =>
    ghostIn(schema) ?? wordOf(schema, [...REFERENCES, ...NOTES, 'anyOf', 'oneOf', 'allOf']) ??
      shapeFault(schema),
  gemini: (schema) =>
    ghostIn(schema) ?? shapeFault(schema) ??
      Object.keys(schema).find((word) => !GEMINI_WORDS.includes(word)) ?? geminiFault(schema),
}

describe('cleanSchema()', () => {
  for (const dialect of DIALECTS) {
    it(`T10-T20 leaves nothing that a family rejects, at any level (${dialect})`, () => {
      fc.assert(fc.property(documents(), (schema) => {
        const cleaned = cleanSchema(schema, dialect)
        const faults = schemasIn(cleaned).map(FAULTS[dialect]).filter((fault) => fault)
        assert.deepEqual(faults, [], JSON.stringify(cleaned))
      }))
    })

    it(`is idempotent (${dialect})`, () => {
      fc.assert(fc.property(documents(), (schema) => {
        const once = cleanSchema(schema, dialect)
        assert.deepEqual(cleanSchema(once, dialect), once)
      }))
    })

    it(`accepts any JSON as a schema (${dialect})`, () => {
      fc.assert(fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (schema) => {
        assert.equal(typeof cleanSchema(schema as JsonSchema, dialect), 'object')
      }))
    })
  }

  for (const dialect of NO_REFERENCES) {
    for (const [name, schema] of Object.entries(pathological())) {
      it(`T11 terminates quickly with bounded size: ${name} (${dialect})`, () => {
        let length = 0
        const ms = cpuTimeOf(() => length = JSON.stringify(cleanSchema(schema, dialect)).length)
        assert.ok(length < 1_000_000, `${length} characters`)
        assert.ok(ms < 2_000, `${ms} ms`)
      })
    }
  }

  it('T11 expands a wide recursion to a lower depth instead of cutting it off', () => {
    const names = Array.from({ length: 12 }, (_, at) => `field${at}`)
    const properties = Object.fromEntries(names.map((name) => [name, { $ref: '#/$defs/Node' }]))
    const Node = { type: 'object', properties, description: 'A node with many fields' }
    const cleaned = cleanSchema({ $ref: '#/$defs/Node', $defs: { Node } }, 'inlined')
    const sizes = schemasIn(cleaned).map(({ properties: fields }) =>
      Object.keys(fields ?? {}).length
    )
    assert.deepEqual(new Set(sizes), new Set([12, 0]))
    assert.equal(sizes.length, 1 + 12 + 12 * 12)
  })
})

/** Schemas that would exhaust the memory or never terminate if every reference were followed. */
function pathological(): Record<string, JsonSchema> {
  const range = (length: number) => Array.from({ length }, (_, at) => at)
  const define = (count: number, schema: (at: number) => JsonSchema): JsonSchema => ({
    $ref: '#/$defs/D0',
    $defs: Object.fromEntries(range(count).map((at) => [`D${at}`, schema(at)])),
  })
  const refs = (count: number) => range(count).map((at) => ({ $ref: `#/$defs/D${at}` }))
  return {
    'each definition ten times in the one before': define(30, (at) => ({
      properties: Object.fromEntries(
        range(10).map((name) => [`p${name}`, { $ref: `#/$defs/D${at + 1}` }]),
      ),
    })),
    'all definitions at once in all others': define(20, () => ({ allOf: refs(20) })),
    'all definitions as alternatives of all others': define(20, () => ({ anyOf: refs(20) })),
    'a definition with a long text in itself': define(1, () => ({
      description: 'x'.repeat(50_000),
      properties: Object.fromEntries(range(50).map((name) => [`p${name}`, { $ref: '#/$defs/D0' }])),
    })),
    'a long chain of references': define(20_000, (at) => ({ $ref: `#/$defs/D${at + 1}` })),
    'a long chain of properties': define(20_000, (at) => ({
      properties: { next: { $ref: `#/$defs/D${at + 1}` } },
    })),
    'a schema nested 10,000 deep': range(10_000).reduce<JsonSchema>(
      (inner) => ({ type: 'array', items: inner }),
      {},
    ),
    'alternatives nested in alternatives': range(90).reduce<JsonSchema>(
      (inner, at) => ({ anyOf: [{ type: 'object', properties: { [`p${at}`]: {} } }, inner] }),
      { type: 'string' },
    ),
    'a reference to the root from everywhere': {
      properties: Object.fromEntries(range(100).map((name) => [`p${name}`, { $ref: '#' }])),
    },
  }
}

/** Schemas of keywords in usual and unusual shapes, with definitions that reference each other. */
function documents(): fc.Arbitrary<JsonSchema> {
  return fc.record({ root: schemas(3), A: schemas(2), B: schemas(2) })
    .map(({ root, ...$defs }) => ({ ...root, $defs }))
}

function schemas(depth: number): fc.Arbitrary<JsonSchema> {
  const keywords = [...flatKeywords(), ...(depth > 0 ? deepKeywords(depth) : [])]
  const entries = fc.uniqueArray(fc.oneof(...keywords), {
    maxLength: 6,
    selector: ([keyword]) => keyword,
  })
  return entries.map((all) => Object.fromEntries(all))
}

type Keyword = fc.Arbitrary<[keyword: string, value: unknown]>

const TYPES = ['string', 'number', 'integer', 'boolean', 'object', 'array', 'null']
const NAMES = fc.constantFrom('a', 'b', 'title', 'const', '$ref', '__proto__', 'constructor')

function flatKeywords(): Keyword[] {
  const data = fc.constantFrom<unknown>(...['x', '', 1, 2.5, true, null], { $ref: '#' }, ['x'])
  const ref = fc.constantFrom('#', '#/$defs/A', '#/$defs/B', '#/properties/a', 'https://e.x/s')
  return [
    keyword('type', fc.oneof(fc.constantFrom(...TYPES), fc.subarray(TYPES))),
    keyword('description', fc.constantFrom('', 'About it')),
    keyword('const', data),
    keyword('enum', fc.array(data, { maxLength: 3 })),
    keyword('default', data),
    keyword('nullable', fc.boolean()),
    keyword('required', fc.oneof(fc.array(NAMES, { maxLength: 3 }), fc.boolean())),
    keyword('format', fc.constantFrom('date-time', 'uri')),
    keyword('$ref', ref),
    fc.constantFrom<[string, unknown]>(
      ['title', 'T'],
      ['exclusiveMinimum', 0],
      ['maxLength', 65_536],
      ['~optional', true],
      ['x-order', 1],
      ['$schema', 'https://json-schema.org/draft/2020-12/schema'],
    ),
  ]
}

function deepKeywords(depth: number): Keyword[] {
  const one = fc.oneof(
    { weight: 9, arbitrary: schemas(depth - 1) },
    { weight: 1, arbitrary: fc.boolean() },
  )
  const list = fc.array(one, { maxLength: 3 })
  return [
    keyword('items', fc.oneof(one, list)),
    ...['properties', 'patternProperties']
      .map((word) => keyword(word, fc.dictionary(NAMES, one, { maxKeys: 3 }))),
    ...['anyOf', 'oneOf', 'allOf', 'prefixItems'].map((word) => keyword(word, list)),
    ...['additionalProperties', 'not', 'if'].map((word) => keyword(word, one)),
  ]
}

function keyword(word: string, value: fc.Arbitrary<unknown>): Keyword {
  return value.map((held) => [word, held])
}

/** The schema and all its subschemas, found without the code under test. */
function schemasIn(value: unknown): JsonSchema[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return []
  const schema = value as JsonSchema
  const lists = ['anyOf', 'oneOf', 'allOf', 'prefixItems', 'items']
  const records = ['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas']
  const single = ['items', 'additionalProperties', 'not', 'if', 'then', 'else', 'contains']
  const below = [
    ...lists.flatMap((word) => Array.isArray(schema[word]) ? schema[word] : []),
    ...records.flatMap((word) => Object.values(schema[word] ?? {})),
    ...single.map((word) => schema[word]),
  ]
  return [schema, ...below.flatMap(schemasIn)]
}

function wordOf(schema: JsonSchema, words: readonly string[]): string | undefined {
  return words.find((word) => Object.hasOwn(schema, word))
}

function ghostIn({ required, properties }: JsonSchema): string | undefined {
  if (!Array.isArray(required)) return undefined
  const ghost = required.find((name) => !Object.keys(properties ?? {}).includes(name))
  return ghost === undefined ? undefined : `required "${ghost}"`
}

function shapeFault({ type, items, default: preset }: JsonSchema): string | undefined {
  if (type !== undefined && typeof type !== 'string') return `type ${JSON.stringify(type)}`
  if (type === 'array' && typeof items !== 'object') return 'array without items'
  return preset === null ? 'default null' : undefined
}

function geminiFault({ type, enum: values, format, ...rest }: JsonSchema): string | undefined {
  if (typeof type !== 'string' || type === 'null') return `type ${type}`
  if (Array.isArray(values) && !values.every((value) => typeof value === 'string' && value)) {
    return `enum ${JSON.stringify(values)}`
  }
  if (values !== undefined && type !== 'string') return `enum on ${type}`
  if (rest['properties'] !== undefined && type !== 'object') return `properties on ${type}`
  return format === undefined || format === 'date-time' ? undefined : `format ${format}`
}
