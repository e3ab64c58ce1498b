import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { JsonSchema, Tool, ToolChoice } from '../../../../src/chat/model.ts'
import { encodeToolChoice, encodeTools } from '../../../../src/oci/formats/generic/encode-tools.ts'
import type { SchemaDialect } from '../../../../src/oci/models/profiles.ts'
import { runAtOnce } from '../../../../src/steps.ts'
import { profile } from './request.ts'

const SCHEMA: JsonSchema = { type: 'object', properties: { a: { type: ['string', 'null'] } } }
const names = { encode: (name: string) => name }

const tools: [name: string, tool: Partial<Tool>, sent: object, dialect?: SchemaDialect][] = [
  ['T01 sends a flat function', { description: 'd', parameters: SCHEMA }, {
    description: 'd',
    parameters: SCHEMA,
  }],
  ['T02 sends no description when there is none', { parameters: SCHEMA }, { parameters: SCHEMA }],
  ['T02 sends no empty description', { description: '', parameters: SCHEMA }, {
    parameters: SCHEMA,
  }],
  ['T03 sends an empty object schema without parameters', {}, {
    parameters: { type: 'object', properties: {} },
  }],
  ['T08 drops "strict"', { parameters: SCHEMA, strict: true }, { parameters: SCHEMA }],
  ['T13 cleans the schema for the family', { parameters: SCHEMA }, {
    parameters: { type: 'object', properties: { a: { type: 'string' } } },
  }, 'portable'],
]

const choices: [choice: ToolChoice, sent: object][] = [
  [{ type: 'auto' }, { type: 'AUTO' }],
  [{ type: 'required' }, { type: 'REQUIRED' }],
  [{ type: 'none' }, { type: 'NONE' }],
]

describe('encodeTools()', () => {
  for (const [name, part, sent, schema = 'native'] of tools) {
    it(name, () => {
      const tool = { name: 'f', description: undefined, parameters: undefined, strict: false }
      const encoded = runAtOnce(
        encodeTools([{ ...tool, ...part }], { profile: profile({ schema }), names }),
      )
      assert.deepEqual(json(encoded), [{ type: 'FUNCTION', name: 'f', ...sent }])
    })
  }
})

describe('encodeToolChoice()', () => {
  for (const [choice, sent] of choices) {
    it(`T04 sends the choice "${choice.type}"`, () => {
      assert.deepEqual(encodeToolChoice(choice, names), sent)
    })
  }

  it('T05 names a function flat', () => {
    const choice = encodeToolChoice({ type: 'function', name: 'f' }, names)
    assert.deepEqual(choice, { type: 'FUNCTION', name: 'f' })
  })
})

function json(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value))
}
