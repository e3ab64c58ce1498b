import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ChatRequest, JsonSchema, MediaPart, Message, Tool } from '../../src/chat/model.ts'
import { ApiError } from '../../src/errors.ts'
import type { ModelProfile, SchemaDialect } from '../../src/oci/models/profiles.ts'
import { DEFAULT_REQUEST_LIMITS } from '../../src/limits.ts'
import { planChat } from '../../src/oci/chat/plan.ts'
import { runAtOnce } from '../../src/steps.ts'
import { plan } from '../oci/context.ts'
import { request } from '../oci/formats/generic/request.ts'
import { profile } from '../oci/profile.ts'
import { assistant, call, text, toolResult, user } from './messages.ts'
import { collidingNames } from './colliding-names.ts'
import { assertLinear, prepareInput } from './measure.ts'
import { cpuTimeOf } from '../cpu-time.ts'

type Format = ModelProfile['format']
const FORMATS: Format[] = ['GENERIC', 'COHERE', 'COHEREV2', 'CHAT_COMPLETIONS', 'RESPONSES']
const DIALECTS: SchemaDialect[] = ['native', 'inlined', 'portable', 'gemini']

type Kind = [name: string, size: number, make: (size: number) => Partial<ChatRequest>]

const ROUNDS = 800
const PICTURE = `data:image/png;base64,${'A'.repeat(2_000)}`
const NAMES = collidingNames(10, 'x'.repeat(5_000))

const kinds: Kind[] = [
  ['many tools', 400, (size) => ({ tools: range(size).map((at) => tool(`tool_${at}`)) })],
  ['tools with the same name', 4_000, (size) => ({ tools: range(size).map(() => tool('same')) })],
  ['tools whose names collide', 256, (size) => ({
    tools: NAMES.slice(0, size).map((name) => tool(name)),
  })],
  ['tools with long unsafe names', 256, (size) => ({
    tools: range(size).map((at) => tool('é.'.repeat(2_000) + at)),
  })],
  ['names that occur only in the history', 400, (size) => ({
    messages: rounds(size, (at) => `old.${at}`),
  })],
  ['rounds of tool calls', ROUNDS, (size) => ({ messages: rounds(size, () => 'look') })],
  ['one round of many tool calls', ROUNDS, (size) => ({
    messages: [user([text('Hi')]), assistant(range(size).map((at) => call(`c${at}`, 'look')))]
      .concat(range(size).map((at) => toolResult(`c${at}`, 'ok'))),
  })],
  ['text messages', ROUNDS, (size) => ({
    messages: range(size).flatMap(() => [assistant([], 'Hello'), user([text('Hi')])]),
  })],
  ['system messages', ROUNDS, (size) => ({
    messages: [
      ...range(size).map((): Message => ({
        role: 'system',
        content: [text('Be kind')],
        name: undefined,
      })),
      user([text('Hi')]),
    ],
  })],
  ['parts of one message', 4_000, (size) => ({
    messages: [user(range(size).map(() => text('Hi')))],
  })],
  ['documents', 2_000, (size) => ({
    documents: range(size).map((at) => ({ id: `d${at}`, text: 'fact' })),
  })],
]

describe('planChat()', () => {
  for (const format of FORMATS) {
    for (const [name, size, make] of kinds) {
      it(`F2: takes linear time for ${name} (${format})`, () => {
        const input = (at: number) => make(at)
        return assertLinear(
          prepareInput(input, (request) => planOrRefuse(request, { format })),
          size,
        )
      })
    }

    it(`F2: takes linear time for many images (${format})`, () => {
      const make = (size: number) => ({ messages: [user(range(size).map(() => media(PICTURE)))] })
      const known = { format, inputs: ['text', 'image'] as const }
      return assertLinear(prepareInput(make, (request) => planOrRefuse(request, known)), 200)
    })

    for (const [name, url] of dataUrls()) {
      it(`F2: takes linear time for a data URL of ${name} (${format})`, async () => {
        const known = { format, inputs: ['text', 'image', 'document', 'audio', 'video'] as const }
        for (const type of ['image', 'document', 'audio'] as const) {
          const make = (size: number) => ({ messages: [user([media(url(size), type)])] })
          const prepare = prepareInput(make, (request) => planOrRefuse(request, known))
          await assertLinear(prepare, 40_000)
        }
      })
    }
  }

  for (const [name, size, make] of schemas()) {
    for (const schema of DIALECTS) {
      it(`F2: takes linear time for a schema of ${name} (${schema})`, () => {
        const input = (at: number) => ({ tools: [tool('f', make(at))] })
        return assertLinear(
          prepareInput(input, (request) => planOrRefuse(request, { schema })),
          size,
        )
      })
    }
  }

  for (const format of FORMATS) {
    for (const [name, param, make] of oversized()) {
      it(`F2: rejects ${name} (${format})`, () => {
        const known = profile({ format, schema: 'portable' })
        const limits = { ...DEFAULT_REQUEST_LIMITS, maxSchemaValues: 2_000 }
        const target = { model: 'm', compartmentId: 'c', profile: known, limits }
        assert.throws(
          () => runAtOnce(planChat(request(make()), target, false)),
          (error) => error instanceof ApiError && error.status === 400 && error.param === param,
        )
      })
    }
  }

  it('F2: rejects the schemas of many tools that grow when resolved', () => {
    const tools = range(1_000).map((at) => tool(`f${at}`, laughs(20, 10)))
    const refuse = () =>
      assert.throws(() => plan({ tools }, { schema: 'portable' }), { reason: 'limit' })
    assert.ok(cpuTimeOf(refuse) < 4_000)
  })
})

/** Creates a plan; a limit may reject the request instead. */
function planOrRefuse(request: Partial<ChatRequest>, known: Partial<ModelProfile>): void {
  try {
    plan(request, known)
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 400) throw error
  }
}

/** Requests whose resolved schemas are too large, and the parameter that the error names. */
function oversized(): [name: string, param: string, make: () => Partial<ChatRequest>][] {
  const deep = nest(100, { type: 'string' }, (inner) => ({ properties: { a: inner } }))
  return [
    ['many tools that grow when resolved', 'tools[1]', () => ({
      tools: [tool('small'), tool('f', laughs(20, 10))],
    })],
    ['a response format that grows when resolved', 'response_format', () => ({
      responseFormat: {
        type: 'json-schema',
        name: 'answer',
        description: undefined,
        schema: laughs(20, 10),
        strict: undefined,
      },
    })],
    ['a tool whose schema is too deep', 'tools[0]', () => ({ tools: [tool('f', deep)] })],
  ]
}

function dataUrls(): [name: string, url: (size: number) => string][] {
  return [
    ['semicolons', (size) => `data:${';'.repeat(size)}`],
    ['line feeds after the comma', (size) => `data:text/plain,${'\n'.repeat(size)}`],
    ['commas', (size) => `data:${','.repeat(size)}`],
    ['parameters', (size) => `data:text/plain${';base64'.repeat(size / 8)}`],
    ['a long type', (size) => `data:application/${'a+'.repeat(size / 2)};base64,AAAA`],
    ['schemes', (size) => 'data:'.repeat(size / 5)],
  ]
}

/** Schemas with a number of parts. */
function schemas(): [name: string, size: number, make: (size: number) => JsonSchema][] {
  return [
    ['properties', 800, (size) => wide(size, 'p')],
    ['an allOf list', 600, (size) => ({ allOf: branches(size) })],
    ['an anyOf list', 600, (size) => ({ anyOf: branches(size) })],
    ['properties and branches that require them', 600, (size) => ({
      ...wide(size, 'p'),
      anyOf: branches(size),
    })],
    ['alternatives with enums', 800, (size) => ({
      anyOf: range(size).map((at) => ({ enum: [at, `${at}`] })),
    })],
    ['an enum inside nested unions', 800, (size) => nest(25, { enum: range(size) }, union)],
    ['a wide object inside nested unions', 400, (size) => nest(25, wide(size, 'z'), union)],
    ['a wide object inside nested allOf', 400, (size) => nest(50, wide(size, 'z'), both)],
    ['a wide object after a chain of references', 400, (size) => chain(60, wide(size, 'z'))],
    ['allOf of references', 400, (size) => ({
      allOf: range(size).map((at) => ({ $ref: `#/$defs/D${at}` })),
      $defs: Object.fromEntries(
        range(size).map((at) => [`D${at}`, { properties: { [`p${at}`]: { $ref: '#/$defs/D0' } } }]),
      ),
    })],
    ['definitions that each refer to the next one ten times', 200, (size) => laughs(size, 10)],
    ['references with long names', 400, longReferences],
    ['long pointers', 4_000, (size) => ({
      anyOf: range(50).map(() => ({ $ref: `#${'/a'.repeat(size)}` })),
    })],
    ['types', 2_000, (size) => ({ properties: { a: { type: range(size).map(String) } } })],
  ]
}

function branches(size: number): JsonSchema[] {
  return range(size).map((at) => ({
    type: 'object',
    properties: { [`q${at}`]: { type: 'string' } },
    required: [`q${at}`],
  }))
}

function wide(size: number, name: string): JsonSchema {
  const names = range(size).map((at) => `${name}${at}`)
  const properties = Object.fromEntries(names.map((one) => [one, { type: 'string' }]))
  return { type: 'object', properties, required: names }
}

function nest(levels: number, leaf: JsonSchema, around: (inner: JsonSchema) => JsonSchema) {
  return range(levels).reduce(around, leaf)
}

function union(inner: JsonSchema): JsonSchema {
  const other = { type: 'object', properties: { next: { type: 'string' } } }
  return { anyOf: [{ type: 'object', properties: { next: inner } }, other] }
}

function both(inner: JsonSchema): JsonSchema {
  return { allOf: [{}, inner] }
}

/** Definitions that refer to the next one and add a property each. */
function chain(length: number, leaf: JsonSchema): JsonSchema {
  const links = range(length).map((at): [string, JsonSchema] => [
    `D${at}`,
    { $ref: `#/$defs/D${at + 1}`, properties: { [`a${at}`]: {} } },
  ])
  return { $ref: '#/$defs/D0', $defs: { ...Object.fromEntries(links), [`D${length}`]: leaf } }
}

/** Definitions that each refer to the next one several times ("billion laughs"). */
function laughs(length: number, times: number): JsonSchema {
  const define = (at: number) => ({
    properties: Object.fromEntries(
      range(times).map((name) => [`p${name}`, { $ref: `#/$defs/D${at + 1}` }]),
    ),
  })
  return {
    $ref: '#/$defs/D0',
    $defs: Object.fromEntries(range(length).map((at) => [`D${at}`, define(at)])),
  }
}

function longReferences(size: number): JsonSchema {
  const names = range(20).map((at) => 'x'.repeat(size) + at)
  const refer = (at: number) => ({ $ref: `#/$defs/${names[at % 20]}` })
  const definitions = names.map((name, at): [string, JsonSchema] => [
    name,
    { properties: { a: refer(at + 1), b: refer(at + 2) } },
  ])
  return { anyOf: range(size / 10).map(refer), $defs: Object.fromEntries(definitions) }
}

/** Rounds of one call and its result. */
function rounds(size: number, name: (at: number) => string): Message[] {
  const round = (at: number) => [assistant([call(`c${at}`, name(at))]), toolResult(`c${at}`, 'ok')]
  return [user([text('Hi')]), ...range(size).flatMap(round)]
}

function tool(name: string, parameters: JsonSchema = { type: 'object' }): Tool {
  return { name, description: undefined, parameters, strict: false }
}

function media(url: string, type: MediaPart['type'] = 'image'): MediaPart {
  return { type, url, param: 'messages[0].content[0]' }
}

function range(length: number): number[] {
  return Array.from({ length }, (_, at) => at)
}
