import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ResponseFormat } from '../../../../src/chat/model.ts'
import { encodeResponseFormat } from '../../../../src/oci/formats/generic/encode-response-format.ts'
import type { ModelProfile } from '../../../../src/oci/models/profiles.ts'
import { profile } from './request.ts'

type Case = [name: string, format: ResponseFormat, model: Partial<ModelProfile>, sent: object]

const SCHEMA = { type: 'object', properties: { x: { type: 'integer' } } }
const TITLED = { type: 'object', properties: { title: { type: 'string' } } }

const cases: Case[] = [
  ['J01 renames strict', schema({ name: 'r', strict: true, schema: SCHEMA }), {}, {
    type: 'JSON_SCHEMA',
    jsonSchema: { name: 'r', schema: SCHEMA, isStrict: true },
  }],
  ['J01 keeps the description', schema({ name: 'r', description: 'd', schema: SCHEMA }), {}, {
    type: 'JSON_SCHEMA',
    jsonSchema: { name: 'r', description: 'd', schema: SCHEMA },
  }],
  ['J01 sends a format without a schema', schema({ name: 'r' }), {}, {
    type: 'JSON_SCHEMA',
    jsonSchema: { name: 'r' },
  }],
  ['J02 sends JSON mode', { type: 'json-object' }, {}, { type: 'JSON_OBJECT' }],
  [
    'J02 sends a schema of any object where JSON mode fails',
    { type: 'json-object' },
    { jsonObject: 'JSON_SCHEMA' },
    { type: 'JSON_SCHEMA', jsonSchema: { name: 'response', schema: { type: 'object' } } },
  ],
  [
    'J03 resolves references for Gemini',
    schema({
      name: 'r',
      schema: {
        type: 'object',
        properties: { x: { $ref: '#/$defs/X' } },
        $defs: { X: { type: 'integer' } },
      },
    }),
    { schema: 'gemini' },
    { type: 'JSON_SCHEMA', jsonSchema: { name: 'r', schema: SCHEMA } },
  ],
  ['J04 names a response schema without a name', schema({ name: '', schema: SCHEMA }), {}, {
    type: 'JSON_SCHEMA',
    jsonSchema: { name: 'response', schema: SCHEMA },
  }],
  ['J04 sends a name that OCI accepts', schema({ name: 'my answer!', schema: SCHEMA }), {}, {
    type: 'JSON_SCHEMA',
    jsonSchema: { name: 'my_answer_', schema: SCHEMA },
  }],
  [
    'J06 keeps a property named "title"',
    schema({ name: 'r', schema: TITLED }),
    { schema: 'gemini' },
    { type: 'JSON_SCHEMA', jsonSchema: { name: 'r', schema: TITLED } },
  ],
]

describe('encodeResponseFormat()', () => {
  for (const [name, format, model, sent] of cases) {
    it(name, () => {
      const encoded = encodeResponseFormat(format, profile(model))
      assert.deepEqual(JSON.parse(JSON.stringify(encoded)), sent)
    })
  }
})

type JsonSchemaFormat = Extract<ResponseFormat, { type: 'json-schema' }>

function schema(part: Partial<JsonSchemaFormat> & { name: string }): ResponseFormat {
  return {
    type: 'json-schema',
    description: undefined,
    schema: undefined,
    strict: undefined,
    ...part,
  }
}
