import fc from 'fast-check'
import type { Schema, Schemas } from './schema.ts'

/** Levels of objects below which lists are empty and optional members absent. */
const MAX_DEPTH = 7
/** One of so many members is null, one of so many objects lacks a member. */
const RARE = 40

const text = fc.constantFrom('Hello', '', ' ', 'Ünïcode 🦊', 'line\nline', '[DONE]', '{"a":1}')
const id = fc.constantFrom('call_a', 'call_b', 'msg_1', '', 'a|b', 'x'.repeat(70))
const url = fc.constantFrom(
  ...['https://example.com/a.png', 'data:image/png;base64,iVBORw0KGgo=', 'not a URL', ''],
)
const base64 = fc.constantFrom('iVBORw0KGgo=', 'JVBERi0=', '')
const name = fc.constantFrom('get_weather', 'mcp.server:do thing', '1st', 'x'.repeat(80), '')
const json = fc.constantFrom('{"city":"Paris"}', '{}', '', '{"a":', '[1]', 'null')
const number = fc.constantFrom(0, 1, 2, 5, -1, 0.5)
const unknown = fc.oneof(text, number, fc.constantFrom(null, true, [], {}, { a: ['b'] }))

/** Texts of members by name. All others are any text. */
const TEXTS = new Map<string, fc.Arbitrary<string>>([
  ...['id', 'call_id', 'tool_call_id', 'tool_use_id', 'file_id', 'item_id'].map((key) =>
    [key, id] as const
  ),
  ...['url', 'image_url', 'file_url'].map((key) => [key, url] as const),
  ...['data', 'file_data', 'encrypted_content', 'signature'].map((key) => [key, base64] as const),
  ...['name', 'tool_name', 'namespace', 'toolset_name'].map((key) => [key, name] as const),
  ['arguments', json],
])

/** What a model, a client or a later version of an API might send. */
const invented = fc.record({
  type: fc.constantFrom('invented_call', 'something_new', 'text_v2'),
  id,
  text,
  content: unknown,
  output: unknown,
}, { requiredKeys: ['type'] })

/**
 * Creates values of a type. Members are sometimes null or missing, and elements of unions sometimes of
 * an invented type. The members `type` and `role` are always present.
 * @param hasRole whether the value itself is only known by its role, so that it has no invented type
 */
export function arbitraryOf(
  schema: Schema,
  { definitions }: Schemas,
  { hasRole }: { hasRole: boolean },
): fc.Arbitrary<unknown> {
  const writer = new ArbitraryWriter(definitions)
  const { anyOf } = schema
  return hasRole && anyOf
    ? fc.oneof(...anyOf.map((member) => writer.of(member, '', 0)))
    : writer.of(schema, '', 0)
}

class ArbitraryWriter {
  readonly #definitions: Schemas['definitions']
  readonly #known = new Map<string, fc.Arbitrary<unknown>>()

  constructor(definitions: Schemas['definitions']) {
    this.#definitions = definitions
  }

  of(schema: Schema, key: string, depth: number): fc.Arbitrary<unknown> {
    const { ref, anyOf, items, properties, type } = schema
    if (ref !== undefined) return this.#reference(ref, key, depth)
    if (anyOf) return this.#union(anyOf, key, depth)
    if (items) return this.#list(items, key, depth)
    if (properties) return this.#object(schema, depth)
    if (schema.const !== undefined) return fc.constant(schema.const)
    if (type === 'string') return TEXTS.get(key) ?? text
    if (type === 'number') return number
    return type === 'boolean' ? fc.boolean() : unknown
  }

  #reference(ref: string, key: string, depth: number): fc.Arbitrary<unknown> {
    const at = `${ref} ${depth}`
    const known = this.#known.get(at)
    if (known) return known
    const definition = this.#definitions[ref]
    if (!definition) throw new Error(`Cannot find the definition ${ref}`)
    const written = this.of(definition, key, depth + 1)
    this.#known.set(at, written)
    return written
  }

  #union(members: readonly Schema[], key: string, depth: number): fc.Arbitrary<unknown> {
    const all = members.map((member) => this.of(member, key, depth))
    const objects = members.filter(({ ref }) => ref !== undefined)
    if (objects.length < 2) return fc.oneof(...all)
    const usual = fc.oneof(...all)
    return fc.oneof({ weight: 12, arbitrary: usual }, { weight: 1, arbitrary: invented })
  }

  #list(items: Schema, key: string, depth: number): fc.Arbitrary<unknown> {
    if (depth >= MAX_DEPTH) return fc.constant([])
    return fc.array(this.of(items, key, depth), { maxLength: 3 })
  }

  #object(
    { properties = {}, required = [], additional }: Schema,
    depth: number,
  ): fc.Arbitrary<unknown> {
    const isDeep = depth >= MAX_DEPTH
    const members = Object.entries(properties).filter(([key]) => !isDeep || required.includes(key))
      .map(([key, schema]) => [key, orNull(key, this.of(schema, key, depth))] as const)
    const record = fc.record(Object.fromEntries(members), { requiredKeys: [...required] })
    const whole = additional && !isDeep
      ? fc.tuple(record, fc.dictionary(name, this.of(additional, '', depth + 1), { maxKeys: 2 }))
        .map(([one, other]) => ({ ...other, ...one }))
      : record
    return sometimesWithoutMember(whole)
  }
}

const ALWAYS_PRESENT = new Set(['type', 'role'])

function orNull(key: string, value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  if (ALWAYS_PRESENT.has(key)) return value
  return fc.oneof({ weight: RARE, arbitrary: value }, { weight: 1, arbitrary: fc.constant(null) })
}

function sometimesWithoutMember(object: fc.Arbitrary<object>): fc.Arbitrary<object> {
  return fc.tuple(object, fc.nat(RARE), fc.nat()).map(([object, chance, at]) => {
    const keys = Object.keys(object).filter((key) => !ALWAYS_PRESENT.has(key))
    if (chance !== RARE || keys.length === 0) return object
    const dropped = keys[at % keys.length]
    return Object.fromEntries(Object.entries(object).filter(([key]) => key !== dropped))
  })
}
