import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { JsonSchema } from '../../../../src/chat/model.ts'
import type { SchemaDialect } from '../../../../src/oci/models/profiles.ts'
import { cleanSchema } from '../../../../src/oci/formats/schema/clean.ts'

type Row = [name: string, schema: JsonSchema, dialects: SchemaDialect[], expected: JsonSchema]

const ALL: SchemaDialect[] = ['native', 'inlined', 'portable', 'gemini']
const NO_REFERENCES: SchemaDialect[] = ['inlined', 'portable', 'gemini']
const SIMPLE: SchemaDialect[] = ['portable', 'gemini']
const CITY = { type: 'object', properties: { city: { type: 'string' } } }

/** Each schema is the one property of an object, so that it is not the root. */
const rows: Row[] = [
  ['T10 inlines "#/$defs/A"', { $ref: '#/$defs/A' }, NO_REFERENCES, CITY],
  ['T10 inlines "#/definitions/A"', { $ref: '#/definitions/A' }, NO_REFERENCES, CITY],
  ['T10 inlines "#/properties/other"', { $ref: '#/properties/other' }, NO_REFERENCES, {
    type: 'string',
    description: 'The other',
  }],
  ['T10 inlines a reference to a reference', { $ref: '#/$defs/Alias' }, NO_REFERENCES, CITY],
  ['T10 reads "~1", "~0" and "%25" in a pointer', { $ref: '#/$defs/a~1b~0c%25d' }, NO_REFERENCES, {
    type: 'boolean',
  }],
  ['T10 reads a "%" that is no escape literally', { $ref: '#/$defs/50%' }, NO_REFERENCES, {
    type: 'number',
  }],
  ['T10 follows a pointer into a list', { $ref: '#/$defs/Pair/allOf/1' }, NO_REFERENCES, {
    type: 'integer',
  }],
  ['T10 keeps keywords next to a reference', { $ref: '#/$defs/A', description: 'Home' }, [
    ...NO_REFERENCES,
  ], { ...CITY, description: 'Home' }],
  [
    'T10 merges properties next to a reference with those of its target',
    { $ref: '#/$defs/A', properties: { zip: { type: 'string' } }, required: ['zip', 'city'] },
    NO_REFERENCES,
    {
      type: 'object',
      properties: { city: { type: 'string' }, zip: { type: 'string' } },
      required: ['zip', 'city'],
    },
  ],
  ['T10 accepts any value for an unknown reference', { $ref: '#/$defs/None' }, [
    'inlined',
    'portable',
  ], {}],
  ['T10 accepts any value for a reference into a prototype', { $ref: '#/constructor/name' }, [
    'inlined',
    'portable',
  ], {}],
  ['T10 types a reference to another document for Gemini', { $ref: 'https://e.x/a.json' }, [
    'gemini',
  ], { type: 'string' }],
  ['T10 keeps references where they are supported', { $ref: '#/$defs/A' }, ['native'], {
    $ref: '#/$defs/A',
  }],
  ['T13 replaces a type list with null by its other type', { type: ['string', 'null'] }, [
    'portable',
  ], {
    type: 'string',
  }],
  ['T13 sends "nullable" to Gemini', { type: ['string', 'null'] }, ['gemini'], {
    type: 'string',
    nullable: true,
  }],
  ['T13 keeps a type list where it is supported', { type: ['string', 'null'] }, [
    'native',
    'inlined',
  ], { type: ['string', 'null'] }],
  ['T13 describes the other types of a list', { type: ['string', 'number'], description: 'Id' }, [
    ...SIMPLE,
  ], { type: 'string', description: 'Id\nOne of: string | number' }],
  ['T13 drops null from the enum too', { type: ['string', 'null'], enum: ['a', null] }, [
    'portable',
  ], { type: 'string', enum: ['a'] }],
  ['T14 removes exclusiveMinimum for Gemini', { type: 'integer', exclusiveMinimum: 0 }, [
    'gemini',
  ], { type: 'integer' }],
  [
    'T14 keeps exclusiveMinimum elsewhere',
    { type: 'integer', exclusiveMinimum: 0 },
    ['native', 'inlined', 'portable'],
    { type: 'integer', exclusiveMinimum: 0 },
  ],
  [
    'T15 removes what Gemini does not support',
    {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      patternProperties: { '^x': { type: 'string' } },
      additionalProperties: false,
      not: { type: 'null' },
      if: { required: ['a'] },
      then: { required: ['b'] },
      else: {},
      default: null,
      minProperties: 1,
    },
    ['gemini'],
    { type: 'object' },
  ],
  [
    'T15 removes bounds of strings and lists and defaults for Gemini',
    {
      type: 'array',
      minItems: 1,
      maxItems: 3,
      uniqueItems: true,
      items: {
        type: 'string',
        minLength: 1,
        maxLength: 65_536,
        pattern: '^\\S+$',
        format: 'uri',
        default: 'x',
      },
    },
    ['gemini'],
    { type: 'array', items: { type: 'string' } },
  ],
  [
    'T15 keeps the only string format that Gemini supports',
    { type: 'string', format: 'date-time' },
    ALL,
    {
      type: 'string',
      format: 'date-time',
    },
  ],
  [
    'T15 keeps constraints where they are supported',
    { type: 'object', patternProperties: { '^x': {} }, additionalProperties: false, not: {} },
    ['native', 'inlined', 'portable'],
    { type: 'object', patternProperties: { '^x': {} }, additionalProperties: false, not: {} },
  ],
  [
    'T15 drops annotations and a null default where schemas are simplified',
    { $id: 'i', title: 'T', examples: ['e'], 'x-order': 1, '~optional': true, default: null },
    ['portable'],
    {},
  ],
  ['T15 keeps annotations where schemas are not simplified', {
    title: 'T',
    'x-order': 1,
    '~optional': true,
  }, [
    'native',
    'inlined',
  ], { title: 'T', 'x-order': 1, '~optional': true }],
  [
    'T16 drops required names that are not properties',
    { type: 'object', properties: { a: { type: 'string' } }, required: ['a', 'ghost'] },
    ALL,
    { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] },
  ],
  [
    'T16 drops a required list of unknown names, including inherited ones',
    { type: 'object', properties: {}, required: ['constructor', 'toString'] },
    ALL,
    { type: 'object', properties: {} },
  ],
  [
    'T16 knows the properties of the schema around a branch',
    { properties: { a: {}, b: {} }, anyOf: [{ required: ['a'] }, { required: ['b', 'c'] }] },
    ['native'],
    { properties: { a: {}, b: {} }, anyOf: [{ required: ['a'] }, { required: ['b'] }] },
  ],
  ['T17 adds items to an array', { type: 'array' }, SIMPLE, {
    type: 'array',
    items: { type: 'string' },
  }],
  ['T17 keeps an array without items where it is supported', { type: 'array' }, [
    'native',
    'inlined',
  ], {
    type: 'array',
  }],
  [
    'T17 converts a tuple to a list of any of its schemas',
    { type: 'array', prefixItems: [{ const: 'a' }, { const: 'b' }] },
    SIMPLE,
    { type: 'array', items: { type: 'string', enum: ['a', 'b'] } },
  ],
  [
    'T18 replaces a union with null by its other branch',
    { anyOf: [{ type: 'string' }, { type: 'null' }], description: 'Name' },
    ['portable'],
    { type: 'string', description: 'Name' },
  ],
  [
    'T18 sends "nullable" to Gemini',
    { oneOf: [{ type: 'null' }, { type: 'string', description: 'Name' }] },
    ['gemini'],
    { type: 'string', description: 'Name', nullable: true },
  ],
  [
    'T18 keeps the descriptions of the schema and its branch',
    {
      anyOf: [{ type: ['string', 'number'], description: 'Number' }, { type: 'null' }],
      description: 'House',
    },
    ['portable'],
    { type: 'string', description: 'House\nNumber\nOne of: string | number' },
  ],
  ['T18 replaces a union of one branch by the branch', { anyOf: [{ type: 'number' }] }, SIMPLE, {
    type: 'number',
  }],
  [
    'T18 keeps a union with null where it is supported',
    {
      anyOf: [{ type: 'string' }, { type: 'null' }],
    },
    ['native', 'inlined'],
    { anyOf: [{ type: 'string' }, { type: 'null' }] },
  ],
  [
    'T19 merges two objects and describes both',
    {
      description: 'A place',
      anyOf: [
        {
          type: 'object',
          properties: { kind: { const: 'file' }, path: { type: 'string' } },
          required: ['kind', 'path'],
        },
        {
          type: 'object',
          properties: { kind: { const: 'line' }, line: { type: 'integer' } },
          required: ['kind'],
          description: 'By number',
        },
      ],
    },
    ['gemini'],
    {
      type: 'object',
      properties: {
        kind: { type: 'string', enum: ['file', 'line'] },
        path: { type: 'string' },
        line: { type: 'integer' },
      },
      required: ['kind'],
      description:
        'A place\nOne of: { kind: "file", path: string } | { kind: "line", line?: integer } (By number)',
    },
  ],
  [
    'T19 keeps a union where it is supported',
    { oneOf: [{ type: 'object', title: 'A' }, { type: 'object', title: 'B' }] },
    ['native', 'inlined'],
    { oneOf: [{ type: 'object', title: 'A' }, { type: 'object', title: 'B' }] },
  ],
  [
    'T19 describes the types of a union',
    { anyOf: [{ type: 'number' }, { type: 'string', minLength: 1 }, { type: 'null' }] },
    ['portable'],
    { type: 'string', description: 'One of: number | string' },
  ],
  [
    'T19 merges the items of lists',
    {
      anyOf: [{ type: 'array', items: { type: 'integer' } }, {
        type: 'array',
        items: { type: 'number' },
      }],
    },
    SIMPLE,
    {
      type: 'array',
      items: { type: 'number', description: 'One of: integer | number' },
      description: 'One of: integer[] | number[]',
    },
  ],
  [
    'T19 describes branches with only required names',
    {
      type: 'object',
      properties: { a: { type: 'string' }, b: { type: 'string' } },
      anyOf: [{ required: ['a'] }, { required: ['b'] }],
    },
    ['gemini'],
    {
      type: 'object',
      properties: { a: { type: 'string' }, b: { type: 'string' } },
      description: 'One of: { a: any } | { b: any }',
    },
  ],
  ['T20 makes a const an enum of one', { const: 'a' }, ['portable'], { enum: ['a'] }],
  ['T20 types it for Gemini', { const: 'a' }, ['gemini'], { type: 'string', enum: ['a'] }],
  ['T20 keeps a const where it is supported', { const: 'a' }, ['native', 'inlined'], {
    const: 'a',
  }],
  ['T20 makes a union of constants one enum', { anyOf: [{ const: 'a' }, { const: 'b' }] }, [
    ...SIMPLE,
  ], { type: 'string', enum: ['a', 'b'] }],
  [
    'T20 removes null from a union of constants',
    { anyOf: [{ type: 'string', const: 'a' }, { type: 'string', const: null }] },
    ['portable'],
    { type: 'string', enum: ['a'] },
  ],
  ['T20 describes a constant that is not a string to Gemini', { type: 'boolean', const: true }, [
    'gemini',
  ], {
    type: 'boolean',
    description: 'One of: true',
  }],
  [
    'T20 describes an enum of numbers to Gemini',
    { enum: [1, 2], description: 'Size' },
    ['gemini'],
    {
      type: 'integer',
      description: 'Size\nOne of: 1 | 2',
    },
  ],
  ['T20 lets Gemini have no empty text in an enum', { type: 'string', enum: ['', 'a'] }, [
    'gemini',
  ], { type: 'string', description: 'One of: "" | "a"' }],
  ['keeps an empty schema', {}, ['native', 'inlined', 'portable'], {}],
  ['adds a type to an empty schema for Gemini', {}, ['gemini'], { type: 'string' }],
  ['keeps a null type', { type: 'null' }, ['native', 'inlined', 'portable'], { type: 'null' }],
  ['replaces a null type by nullable for Gemini', { type: 'null' }, ['gemini'], {
    type: 'string',
    nullable: true,
  }],
  [
    'merges allOf',
    {
      description: 'Home',
      required: ['city'],
      allOf: [{ $ref: '#/$defs/A' }, { properties: { n: { type: 'integer' } }, required: ['n'] }],
    },
    SIMPLE,
    {
      type: 'object',
      description: 'Home',
      properties: { city: { type: 'string' }, n: { type: 'integer' } },
      required: ['n', 'city'],
    },
  ],
  [
    'keeps data that looks like a schema',
    {
      type: 'object',
      default: { $ref: '#/$defs/A', title: 'x' },
      enum: [{ $ref: '#/$defs/A', const: 1 }],
    },
    ['native', 'inlined', 'portable'],
    {
      type: 'object',
      default: { $ref: '#/$defs/A', title: 'x' },
      enum: [{ $ref: '#/$defs/A', const: 1 }],
    },
  ],
  [
    'drops keywords with values of the wrong type',
    {
      type: 'object',
      required: true,
      properties: { a: true, b: false, c: { type: 'array', items: true } },
    },
    ['portable'],
    {
      type: 'object',
      properties: { a: {}, c: { type: 'array', items: {} } },
    },
  ],
]

describe('cleanSchema()', () => {
  for (const [name, schema, dialects, expected] of rows) {
    for (const dialect of dialects) {
      it(`${name} (${dialect})`, () => {
        const cleaned = cleanSchema(around(schema), dialect)
        assert.deepEqual(propertiesOf(cleaned)['it'], expected)
      })
    }
  }

  for (const dialect of NO_REFERENCES) {
    it(`T10 leaves no definitions (${dialect})`, () => {
      const cleaned = cleanSchema(around({ $ref: '#/$defs/A' }), dialect)
      assert.deepEqual(Object.keys(cleaned), ['type', 'properties'])
    })

    it(`T11 cuts off a recursion after four levels (${dialect})`, () => {
      const cleaned = cleanSchema(around({ $ref: '#/$defs/Tree' }), dialect)
      const level = (child: object) => ({ type: 'object', properties: { child } })
      const expected = level(level(level(level({ type: 'object' }))))
      assert.deepEqual(propertiesOf(cleaned)['it'], expected)
    })

    it(`T11 cuts off references to the root and to themselves (${dialect})`, () => {
      const loop = { type: 'object', properties: { me: { $ref: '#' }, it: { $ref: '#/$defs/L' } } }
      const cleaned = cleanSchema({ ...loop, $defs: { L: { $ref: '#/$defs/L' } } }, dialect)
      assert.deepEqual(propertiesOf(cleaned)['it'], { type: 'object' })
      assert.equal(depthOf(cleaned), 2 * (1 + 4) + 1)
    })
  }

  for (const dialect of ALL) {
    it(`T12 J06 keeps every property name (${dialect})`, () => {
      const names = [
        ...['title', 'const', 'default', 'x-id', '$schema', '$ref', 'required', 'type'],
        ...['__proto__', 'constructor', 'properties', 'anyOf', '$defs', 'enum', 'hasOwnProperty'],
      ]
      const properties = Object.fromEntries(names.map((name) => [name, { type: 'string' }]))
      const cleaned = cleanSchema({ type: 'object', properties, required: names }, dialect)
      assert.deepEqual(Object.keys(propertiesOf(cleaned)), names)
      assert.deepEqual(Object.values(propertiesOf(cleaned)), Object.values(properties))
      assert.deepEqual(cleaned['required'], names)
      assert.equal(JSON.parse(JSON.stringify(cleaned)).properties.title.type, 'string')
      assert.equal(Object.getPrototypeOf(cleaned['properties']), Object.prototype)
    })

    it(`does not modify its argument (${dialect})`, () => {
      const schema = around({ $ref: '#/$defs/Tree', required: ['ghost'] })
      const before = structuredClone(schema)
      cleanSchema(deepFreeze(schema), dialect)
      assert.deepEqual(schema, before)
    })

    it(`accepts the schemas of coding agents (${dialect})`, () => {
      const { exec, gemini } = agentTool()
      const cleaned = cleanSchema(exec, dialect)
      assert.deepEqual(cleaned, dialect === 'gemini' ? gemini : cleaned)
      assert.deepEqual(Object.keys(propertiesOf(cleaned)), Object.keys(propertiesOf(exec)))
    })
  }

  it('J03 sends Gemini a response schema without references', () => {
    const schema = {
      $schema: 'http://json-schema.org/draft-07/schema#',
      type: 'object',
      properties: { steps: { type: 'array', items: { $ref: '#/definitions/Step' } } },
      required: ['steps'],
      additionalProperties: false,
      definitions: {
        Step: {
          type: 'object',
          properties: { title: { type: 'string' } },
          required: ['title'],
          additionalProperties: false,
        },
      },
    }
    assert.deepEqual(cleanSchema(schema, 'gemini'), {
      type: 'object',
      properties: {
        steps: {
          type: 'array',
          items: {
            type: 'object',
            properties: { title: { type: 'string' } },
            required: ['title'],
          },
        },
      },
      required: ['steps'],
    })
  })

  it('adds the type object to a root without a type', () => {
    const cleaned = SIMPLE.map((dialect) => cleanSchema({}, dialect))
    assert.deepEqual(cleaned, [{ type: 'object' }, { type: 'object' }])
  })

  for (const lead of ['', 'x']) {
    it(`cuts a long list of alternatives between code points (after "${lead}")`, () => {
      const anyOf = [{ type: 'string' }, { type: 'boolean', description: lead + '😀'.repeat(999) }]
      const cleaned = cleanSchema({ type: 'object', properties: { it: { anyOf } } }, 'gemini')
      const text = JSON.stringify(cleaned)
      assert.ok(text.length < 1_500, `${text.length}`)
      assert.ok(!text.includes('\\ud83d'), 'a lone surrogate is written as an escape')
    })
  }
})

function around(schema: JsonSchema): JsonSchema {
  return {
    type: 'object',
    properties: { it: schema, other: { type: 'string', description: 'The other' } },
    $defs: {
      A: CITY,
      Alias: { $ref: '#/$defs/A' },
      'a/b~c%d': { type: 'boolean' },
      '50%': { type: 'number' },
      Pair: { allOf: [{ type: 'string' }, { type: 'integer' }] },
      Tree: { type: 'object', properties: { child: { $ref: '#/$defs/Tree' } } },
    },
    definitions: { A: CITY },
  }
}

/** A tool of a coding agent, and what is sent to Gemini. */
function agentTool(): { exec: JsonSchema; gemini: JsonSchema } {
  const exec = {
    type: 'object',
    additionalProperties: false,
    properties: {
      command: { type: 'string', pattern: '\\S', minLength: 1, maxLength: 65_536 },
      env: { type: 'object', patternProperties: { '^.*$': { type: 'string' } } },
      args: { type: 'object', patternProperties: { '^.*$': {} }, '~optional': true },
      host: { anyOf: [{ const: 'auto' }, { const: 'local' }, { type: 'null' }] },
      yieldMs: { anyOf: [{ type: 'integer', exclusiveMinimum: 0 }] },
      pty: { const: true },
      nothing: { type: 'null' },
      tags: { type: 'array', items: {}, uniqueItems: true, maxItems: 32 },
    },
    required: ['command'],
  }
  const gemini = {
    type: 'object',
    properties: {
      command: { type: 'string' },
      env: { type: 'object' },
      args: { type: 'object' },
      host: { type: 'string', enum: ['auto', 'local'], nullable: true },
      yieldMs: { type: 'integer' },
      pty: { type: 'boolean', description: 'One of: true' },
      nothing: { type: 'string', nullable: true },
      tags: { type: 'array', items: { type: 'string' } },
    },
    required: ['command'],
  }
  return { exec, gemini }
}

function propertiesOf(schema: JsonSchema): Record<string, unknown> {
  const { properties } = schema
  assert.ok(typeof properties === 'object' && properties !== null)
  return { ...properties }
}

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  return 1 + Math.max(0, ...Object.values(value).map(depthOf))
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    Object.values(Object.freeze(value)).forEach(deepFreeze)
  }
  return value
}
