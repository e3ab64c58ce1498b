import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { JsonSchema, Tool } from '../../../../src/chat/model.ts'
import { DEFAULT_REQUEST_LIMITS } from '../../../../src/limits.ts'
import { createSchemaBudget } from '../../../../src/oci/formats/schema/budget.ts'
import { cleanSchema } from '../../../../src/oci/formats/schema/clean.ts'

const LIMITS = { ...DEFAULT_REQUEST_LIMITS, maxValuesPerSchema: 10 }

/** A schema with 4 values besides the enum's. */
const schema = (count: number): JsonSchema => ({
  type: 'object',
  properties: { a: { enum: Array.from({ length: count - 5 }, (_, at) => `v${at}`) } },
})

const tool = (name: string, parameters: JsonSchema): Tool => ({
  name,
  description: undefined,
  parameters,
  strict: false,
})

describe('createSchemaBudget()', () => {
  it('F2: accepts schemas with as many values as allowed, each on its own', () => {
    const tools = [tool('a', schema(10)), tool('b', schema(10))]
    const budget = createSchemaBudget(tools, LIMITS)
    for (const owner of tools) budget.check(schema(10), owner)
  })

  it('F2: rejects a schema with more values and names the tool', () => {
    const tools = [tool('a', schema(10)), tool('b', schema(11))]
    const budget = createSchemaBudget(tools, LIMITS)
    for (const dialect of ['native', 'inlined', 'portable', 'gemini'] as const) {
      assert.throws(
        () => cleanSchema(schema(11), dialect, { budget, owner: tools[1] ?? 'response_format' }),
        {
          code: 'invalid_request',
          reason: 'limit',
          param: 'tools[1]',
          message: 'The schema of the tool "b" is too large: it must have at most 10 JSON values ' +
            '(limits.maxValuesPerSchema)',
        },
      )
    }
  })

  it('F2: rejects a response format with more values', () => {
    assert.throws(
      () => createSchemaBudget([], LIMITS).check(schema(11), 'response_format'),
      { param: 'response_format' },
    )
  })
})
