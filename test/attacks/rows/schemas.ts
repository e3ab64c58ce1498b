import { colliding, many, members, text } from '../fill.ts'

/** Schemas that are expensive to clean, by a short name for the table. */
export const SCHEMAS: readonly {
  id: string
  title: string
  make(bytes: number): Record<string, unknown>
}[] = [
  {
    id: 'wide',
    title: 'a schema with very many properties',
    make: (bytes) => ({
      type: 'object',
      properties: members(bytes, (index) => [`p${index}`, { type: 'string' }]),
    }),
  },
  {
    id: 'required',
    title: 'a schema with very many required names, half of which do not exist',
    make: (bytes) => ({
      type: 'object',
      properties: members(bytes / 2, (index) => [`p${index}`, { type: 'string' }]),
      required: many(bytes / 2, (index) => `p${index * 2}`),
    }),
  },
  {
    id: 'deep',
    title: 'very many schemas as deep as allowed',
    make: (bytes) => ({
      type: 'object',
      properties: members(bytes, (index) => [`p${index}`, nest(40)]),
    }),
  },
  {
    id: 'ref-bomb',
    title: 'references that double at each level',
    make: (bytes) => ({
      type: 'object',
      properties: { p: { $ref: '#/$defs/d0' } },
      $defs: members(bytes, (index) => [`d${index}`, {
        type: 'object',
        properties: {
          a: { $ref: `#/$defs/d${index + 1}` },
          b: { $ref: `#/$defs/d${index + 1}` },
        },
      }]),
    }),
  },
  {
    id: 'ref-large',
    title: 'very many references to one large definition',
    make: (bytes) => ({
      type: 'object',
      properties: members(bytes / 2, (index) => [`p${index}`, { $ref: '#/$defs/d' }]),
      $defs: {
        d: {
          type: 'object',
          properties: members(bytes / 2, (index) => [`q${index}`, { type: 'string' }]),
        },
      },
    }),
  },
  {
    id: 'ref-loop',
    title: 'very many definitions that refer to each other in a circle',
    make: (bytes) => {
      const count = Math.floor(bytes / 60)
      const definitions = Array.from({ length: count }, (_, index) => [`d${index}`, {
        type: 'object',
        properties: { n: { $ref: `#/$defs/d${(index + 1) % count}` } },
      }])
      return {
        type: 'object',
        properties: { p: { $ref: '#/$defs/d0' } },
        $defs: Object.fromEntries(definitions),
      }
    },
  },
  {
    id: 'all-of',
    title: 'allOf of very many branches',
    make: (bytes) => ({
      type: 'object',
      allOf: many(bytes, (index) => ({ properties: { [`p${index}`]: { type: 'string' } } })),
    }),
  },
  {
    id: 'all-of-required',
    title: 'allOf of very many branches that require and allow values',
    make: (bytes) => ({
      type: 'object',
      properties: {
        p: {
          allOf: many(bytes, (index) => ({ enum: [index, index + 1], required: [`r${index}`] })),
        },
      },
    }),
  },
  {
    id: 'any-of',
    title: 'anyOf of very many constants',
    make: (bytes) => ({
      type: 'object',
      properties: { p: { anyOf: many(bytes, (index) => ({ const: `c${index}` })) } },
    }),
  },
  {
    id: 'any-of-product',
    title: 'allOf of very many anyOfs, the product of which is enormous',
    make: (bytes) => ({
      type: 'object',
      properties: {
        p: {
          allOf: many(bytes, (index) => ({
            anyOf: [{ type: 'string', enum: [`a${index}`] }, { type: 'integer' }, {
              type: 'object',
              properties: { [`x${index}`]: {} },
            }],
          })),
        },
      },
    }),
  },
  {
    id: 'enum',
    title: 'an enumeration of very many values',
    make: (bytes) => ({
      type: 'object',
      properties: { p: { enum: many(bytes, (index) => `v${index}`) } },
    }),
  },
  {
    id: 'types',
    title: 'very many types of one property',
    make: (bytes) => ({
      type: 'object',
      properties: { p: { type: many(bytes, () => 'string') } },
    }),
  },
  {
    id: 'keywords',
    title: 'very many unknown keywords',
    make: (bytes) => ({
      type: 'object',
      properties: { p: members(bytes, (index) => [`x-${index}`, index]) },
    }),
  },
  {
    id: 'description',
    title: 'a very long description and pattern',
    make: (bytes) => ({
      type: 'object',
      properties: {
        p: { type: 'string', description: text(bytes / 2, '_'), pattern: text(bytes / 2, '(a+)+') },
      },
    }),
  },
  {
    id: 'names',
    title: 'property names whose safe forms are the same',
    make: (bytes) => ({
      type: 'object',
      properties: members(bytes, (index) => [colliding(index), { type: 'string' }]),
    }),
  },
]

function nest(depth: number): unknown {
  return depth === 0 ? { type: 'string' } : { type: 'array', items: nest(depth - 1) }
}
