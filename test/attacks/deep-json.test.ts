import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { JsonSchema } from '../../src/chat/model.ts'
import { ApiError } from '../../src/errors.ts'
import type { SchemaDialect } from '../../src/oci/models/profiles.ts'
import { readJson } from '../../src/oci/http/read-json.ts'
import { bodyOf, plan } from '../oci/context.ts'
import { assistant, call, text, toolResult, user } from './messages.ts'

const DIALECTS: SchemaDialect[] = ['native', 'inlined', 'portable', 'gemini']

/** Values at the positions of a type, a property or a value of a schema. */
const ODD: unknown[] = [{ toString: 1 }, [{ toString: 1 }], { valueOf: null }, [[]], 5, null, true]

describe('planChat()', () => {
  for (const levels of [200, 10_000, 200_000]) {
    it(`F14: rejects arguments nested ${levels} levels deep (COHERE)`, () => {
      const messages = [user([text('Hi')]), assistant([call('c', 'f', deep(levels))])]
        .concat(toolResult('c', 'ok'))
      assert.throws(
        () => plan({ messages }, { format: 'COHERE' }),
        (error) => error instanceof ApiError && error.status === 400,
      )
    })

    it(`F14: sends a result nested ${levels} levels deep as text (COHERE)`, () => {
      const messages = [user([text('Hi')]), assistant([call('c', 'f')])]
        .concat(toolResult('c', deep(levels)))
      const { chatRequest } = bodyOf(plan({ messages }, { format: 'COHERE' }))
      assert.match(JSON.stringify(chatRequest), /"outputs":\[\{"output":"\{/)
    })
  }

  for (const schema of DIALECTS) {
    for (const odd of ODD) {
      it(`F14: accepts ${JSON.stringify(odd)} anywhere in a schema (${schema})`, () => {
        for (const parameters of schemasWith(odd)) {
          const tools = [{ name: 'f', description: undefined, parameters, strict: false }]
          assert.ok(plan({ tools }, { schema }).body.length > 0)
        }
      })
    }
  }
})

describe('readJson()', () => {
  for (const levels of [600, 100_000]) {
    it(`F14: fails with a 502 for an answer nested ${levels} levels deep`, async () => {
      const response = new Response(deep(levels))
      await assert.rejects(
        readJson(response, 1_000, new AbortController().signal),
        (error) => error instanceof ApiError && error.code === 'upstream_invalid_response',
      )
    })
  }
})

function deep(levels: number): string {
  return `{"a":${'['.repeat(levels)}${']'.repeat(levels)}}`
}

function schemasWith(odd: unknown): JsonSchema[] {
  const keywords = [
    ...['type', 'enum', 'const', 'required', 'properties', 'items', 'description', 'format'],
    ...['anyOf', 'oneOf', 'allOf', '$ref', '$defs', 'nullable', 'default', 'prefixItems'],
  ]
  return keywords.flatMap((keyword) => {
    const schema = { [keyword]: odd }
    const other = { type: 'object', properties: { a: schema }, required: ['a'] }
    return [schema, { anyOf: [schema, other] }, { allOf: [schema, other] }, other]
  })
}
