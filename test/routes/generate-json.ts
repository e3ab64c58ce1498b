/** A JSON Schema, or a part of one. */
export interface Schema {
  $ref?: string
  type?: string | string[]
  const?: unknown
  enum?: unknown[]
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
  items?: Schema
  properties?: Record<string, Schema>
  required?: string[]
  minItems?: number
  minLength?: number
  minimum?: number
  maximum?: number
}

/** Creates values and requests that repeat with the seed. */
export interface Generator {
  pick<Item>(items: readonly Item[]): Item
  request(
    path: string,
    operation: {
      requestBody?: { content: { 'application/json'?: { schema: Schema } } }
      parameters?: { name: string; in: string }[]
    },
  ): { url: string; body: string | undefined }
}

/** Models by the end of a path; others are for chats. */
const MODELS: readonly (readonly [path: RegExp, models: readonly string[]])[] = [
  [/embeddings$/, ['cohere.embed-v4.0', 'cohere.embed-v4.0', 'none']],
  [/rerank$/, ['cohere.rerank-v4.0-fast', 'cohere.rerank-v4.0-fast', 'none']],
  [/./, ['xai.grok-4.3', 'xai.grok-4.3', 'cohere.command-a-03-2025', 'none']],
]
const TEXTS = ['Hello', '', 'a'.repeat(50), '{"a":1}', 'ü€😀', 'user', 'text', '7d', '5/month']
/** Members whose values matter for a success. */
const KNOWN: Readonly<Record<string, readonly unknown[]>> = {
  role: ['user', 'user', 'user', 'assistant', 'system', 'tool'],
  content: ['Hello', 'Hello', 'Hello', [{ type: 'text', text: 'Hello' }], null],
  messages: [[{ role: 'user', content: 'Hello' }]],
  query: ['Hello'],
  documents: [['one', 'two'], [{ text: 'one' }]],
  input: ['Hello', ['one', 'two'], [{ role: 'user', content: 'Hello' }]],
  // More would only take time.
  n: [1, 2],
  max_tokens: [16, 64],
  // A summary needs more than a token.
  max_output_tokens: [256],
  name: ['alice', 'bob', 'team-1'],
  budget: ['5/month', '100tokens/total', 'much'],
  expires: ['90d', '12h', 'never'],
}
const QUERIES: Readonly<Record<string, readonly string[]>> = {
  by: ['key', 'key,model', 'day', 'nothing'],
  since: ['2026-11-01', '7d', 'x'],
  until: ['2026-11-30', 'x'],
}
const MAX_DEPTH = 8

/** Creates a generator for the schemas of a document. */
export function createGenerator(seed: number, document: object): Generator {
  const random = createRandom(seed)
  const chance = (ratio: number) => random() < ratio
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)]!
  const anything = () => pick<unknown>([null, true, 0, -1, 1e9, 1.5, '', 'x', [], {}, [null]])

  let models: readonly string[] = []
  let isPrice = false

  function knownValues(name: string): readonly unknown[] | undefined {
    if (name === 'model') return models
    if (name === 'input' && isPrice) return [1, '0.5']
    return name === 'messages' && chance(0.4) ? undefined : KNOWN[name]
  }

  function value(schema: Schema, depth: number, name = ''): unknown {
    const known = knownValues(name)
    if (known && chance(0.93)) return pick(known)
    if (chance(0.01) || depth > MAX_DEPTH) return anything()
    const resolved = resolve(schema, document)
    const options = resolved.anyOf ?? resolved.oneOf
    if (options) return value(pick(options), depth + 1, name)
    if ('const' in resolved) return resolved.const
    if (resolved.enum) return pick(resolved.enum)
    const type = Array.isArray(resolved.type) ? pick(resolved.type) : resolved.type
    return typed(type, resolved, depth)
  }

  function typed(type: string | undefined, schema: Schema, depth: number): unknown {
    switch (type) {
      case 'object':
        return object(schema, depth)
      case 'array': {
        const length = (schema.minItems ?? 0) + Math.floor(random() * 3)
        return Array.from({ length }, () => value(schema.items ?? {}, depth + 1))
      }
      case 'string':
        return schema.minLength ? pick(TEXTS) || 'x' : pick(TEXTS)
      case 'integer':
        return Math.max(schema.minimum ?? 0, Math.min(schema.maximum ?? 100, pick([0, 1, 2, 64])))
      case 'number':
        return pick([0, 0.5, 1, 2])
      case 'boolean':
        return chance(0.5)
      case 'null':
        return null
      default:
        return anything()
    }
  }

  function object({ properties = {}, required = [] }: Schema, depth: number): object {
    const names = Object.keys(properties).filter((name) =>
      required.includes(name) || name === 'name' ? chance(0.95) : chance(0.06)
    )
    const members = names.map((name) => [name, value(properties[name] ?? {}, depth + 1, name)])
    return Object.fromEntries(chance(0.03) ? [...members, ['unknown', anything()]] : members)
  }

  return {
    pick,
    request(path, { requestBody, parameters = [] }) {
      isPrice = path.endsWith('/prices')
      models = MODELS.find(([pattern]) => pattern.test(path))?.[1] ?? []
      const names = ['alice', 'bob', 'none', 'resp_x', 'xai.grok-4.3', 'a b/c']
      const bare = path.replace(/\{\w+\}/g, () => encodeURIComponent(pick(names)))
      const query = parameters.filter((parameter) => parameter.in === 'query' && chance(0.3))
        .map(({ name }) => `${name}=${encodeURIComponent(pick(QUERIES[name] ?? TEXTS))}`)
      const schema = requestBody?.content['application/json']?.schema
      const body = schema && (chance(0.02) ? '{"a":' : JSON.stringify(value(schema, 0)))
      return { url: query.length > 0 ? `${bare}?${query.join('&')}` : bare, body }
    },
  }
}

function resolve(schema: Schema, document: object): Schema {
  if (schema.$ref === undefined) return schema
  const found = schema.$ref.split('/').slice(1).reduce<unknown>(
    (part, name) => (part as Record<string, unknown>)[name],
    document,
  )
  return resolve(found as Schema, document)
}

/** Numbers in [0, 1) that repeat with the seed (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
