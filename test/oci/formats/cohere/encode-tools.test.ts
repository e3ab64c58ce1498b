import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { JsonSchema, ToolChoice } from '../../../../src/chat/model.ts'
import { text, user } from '../generic/request.ts'
import { assistant, call, result, send, tool } from './send.ts'

const types: [schema: unknown, type: string, ...description: string[]][] = [
  [{ type: 'string' }, 'str'],
  [{ type: 'integer' }, 'int'],
  [{ type: 'number' }, 'float'],
  [{ type: 'boolean' }, 'bool'],
  [
    { type: 'array', items: { type: 'string' } },
    'list',
    'JSON Schema: {"items":{"type":"string"}}',
  ],
  [{ type: 'object' }, 'dict'],
  [{}, 'str'],
  [true, 'str'],
  [{ type: ['integer', 'null'] }, 'int'],
  [{ anyOf: [{ type: 'number' }, { type: 'null' }] }, 'float'],
]

const folded: [name: string, schema: JsonSchema, description: string][] = [
  ['a description', { type: 'string', description: 'a city' }, 'a city'],
  ['T21 an enum', { type: 'string', enum: ['a', 'b'] }, 'One of: "a", "b"'],
  ['T21 a constant', { const: 'a' }, 'One of: "a"'],
  [
    'T21 an enum after a description',
    { type: 'string', description: 'd', enum: ['a'] },
    'd\nOne of: "a"',
  ],
  [
    'T21 bounds, a format and a default',
    { type: 'integer', description: 'd', minimum: 1, format: 'int32', default: 2 },
    'd\nJSON Schema: {"minimum":1,"format":"int32","default":2}',
  ],
  [
    'T21 nested schemas',
    {
      type: 'object',
      properties: { a: { type: 'string', description: 'in' } },
      required: ['a'],
      additionalProperties: false,
    },
    'JSON Schema: {"properties":{"a":{"type":"string","description":"in"}},"required":["a"]}',
  ],
  [
    'T10 a referenced schema',
    { $ref: '#/$defs/A' },
    'an a',
  ],
]

describe('encodeRequest()', () => {
  for (const [schema, type, description] of types) {
    it(`T22 sends ${JSON.stringify(schema)} as ${type}`, () => {
      assert.deepEqual(parametersOf({ a: schema }), {
        a: { type, isRequired: false, ...(description && { description }) },
      })
    })
  }

  for (const [name, schema, description] of folded) {
    it(`describes ${name}`, () => {
      const { a } = parametersOf({ a: schema }) as { a: { description: string } }
      assert.equal(a.description, description)
    })
  }

  it('sends which parameters are required, whatever their names', () => {
    const properties = JSON.parse('{"__proto__":{"type":"string"},"constructor":{"type":"object"}}')
    assert.deepEqual(
      parametersOf(properties, ['__proto__']),
      JSON.parse(
        '{"__proto__":{"type":"str","isRequired":true},"constructor":{"type":"dict","isRequired":false}}',
      ),
    )
  })

  it('T02 T03 describes a tool by its name and omits missing members', () => {
    assert.deepEqual(send({ tools: [tool('f')] }).body['tools'], [{ name: 'f', description: 'f' }])
  })

  it('describes keywords that apply to all parameters', () => {
    const parameters = { type: 'object', additionalProperties: { type: 'string' } }
    assert.deepEqual(send({ tools: [tool('f', { description: 'd', parameters })] }).body['tools'], [
      { name: 'f', description: 'd\nJSON Schema: {"additionalProperties":{"type":"string"}}' },
    ])
  })

  it('T23 sends names without dashes, also in the history', () => {
    const tools = [tool('get-time'), tool('1st'), tool('ok_2')]
    const messages = [
      user([text('u')]),
      assistant('', call('1', 'get-time')),
      result('1', 'now'),
    ]
    const { body } = send({ tools, messages })
    const [time, first, ok] = (body['tools'] as { name: string }[]).map(({ name }) => name)
    assert.match(time ?? '', /^get_time_\w{7}$/)
    assert.match(first ?? '', /^_1st_\w{7}$/)
    assert.equal(ok, 'ok_2')
    assert.deepEqual(body['toolResults'], [
      { call: { name: time, parameters: {} }, outputs: [{ output: 'now' }] },
    ])
  })

  it('T24 keeps the first of two tools with the same name and warns', () => {
    const { body, warnings } = send({ tools: [tool('f', { description: 'a' }), tool('f')] })
    assert.deepEqual(body['tools'], [{ name: 'f', description: 'a' }])
    assert.deepEqual(warnings, ['tools: duplicate "f" left out'])
  })
})

const f = { name: 'f', description: 'f' }
const g = { name: 'g', description: 'g' }

const choices: [choice: ToolChoice, tools: object[] | undefined, ...warnings: string[]][] = [
  [{ type: 'auto' }, [f, g]],
  [{ type: 'none' }, undefined],
  [
    { type: 'required' },
    [f, g],
    'tool_choice: this model does not support "required", sent as "auto"',
  ],
  [
    { type: 'function', name: 'g' },
    [g],
    'tool_choice: only this tool is offered, its call is not required',
  ],
]

describe('encodeRequest()', () => {
  for (const [toolChoice, tools, ...warnings] of choices) {
    it(`T07 offers tools for the choice ${toolChoice.type}`, () => {
      const sent = send({ tools: [tool('f'), tool('g')], toolChoice })
      assert.deepEqual(sent.body['tools'], tools)
      assert.deepEqual(sent.warnings, warnings)
    })
  }

  it('sends no choice without tools', () => {
    const sent = send({ toolChoice: { type: 'required' } })
    assert.deepEqual([sent.body['tools'], sent.warnings], [undefined, []])
  })

  it('rejects the choice of an unknown tool', () => {
    assert.throws(
      () => send({ tools: [tool('f')], toolChoice: { type: 'function', name: 'x' } }),
      {
        code: 'invalid_request',
        message: 'tool_choice names "x", which is not in "tools"',
        param: 'tool_choice',
      },
    )
  })
})

function parametersOf(properties: Record<string, unknown>, required: string[] = []): unknown {
  const $defs = { A: { type: 'string', description: 'an a' } }
  const parameters = { type: 'object', properties, required, $defs }
  const tools = send({ tools: [tool('f', { parameters })] }).body['tools'] as {
    parameterDefinitions: unknown
  }[]
  return tools[0]?.parameterDefinitions
}
