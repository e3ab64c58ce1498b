import type { JsonSchema, Tool } from '../../../chat/model.ts'
import { ApiError } from '../../../errors.ts'
import { DEFAULT_REQUEST_LIMITS, MAX_JSON_DEPTH, type RequestLimits } from '../../../limits.ts'
import { type JsonSize, measureJson } from './measure.ts'

/** The owner of a schema: a tool or the response format. */
export type SchemaOwner = Tool | 'response_format'

/** The limits of all schemas of one request together. */
export interface SchemaBudget {
  /**
   * Remaining characters that expanding references may produce. When there are none, recursive
   * schemas are expanded to the lowest depth.
   */
  expansion: number
  /**
   * Measures a schema. Throws an `invalid_request` that names the owner when it has too many values.
   * Called before its references are resolved, which takes time.
   */
  check(schema: JsonSchema, owner: SchemaOwner): JsonSize
  /**
   * Counts the values of a schema with resolved references. Throws an `invalid_request` that names
   * the owner when the request has too many values or the schema is nested too deep. `size` is that
   * of a schema that is measured already.
   */
  spend(schema: JsonSchema, owner: SchemaOwner, size?: JsonSize): void
}

/** Enough for about a hundred recursive schemas, which take some tenths of a second. */
const EXPANSION = 10_000_000

/** Creates the budget of a request with these tools. */
export function createSchemaBudget(
  tools: readonly Tool[],
  { maxSchemaValues, maxValuesPerSchema }: RequestLimits = DEFAULT_REQUEST_LIMITS,
): SchemaBudget {
  let left = maxSchemaValues
  return {
    expansion: EXPANSION,
    check(schema, owner) {
      const size = measureJson(schema, maxValuesPerSchema)
      if (size.values <= maxValuesPerSchema) return size
      const advice = `it must have at most ${maxValuesPerSchema} JSON values`
      throw tooLarge(owner, tools, `${advice} (limits.maxValuesPerSchema)`)
    },
    spend(schema, owner, size = measureJson(schema, left)) {
      const { values, depth } = size
      left -= values
      if (depth > MAX_JSON_DEPTH) {
        const advice = `it must be nested at most ${MAX_JSON_DEPTH} levels deep`
        throw tooLarge(owner, tools, `${advice} after "$ref" is resolved`)
      }
      if (left >= 0) return
      throw tooLarge(
        owner,
        tools,
        `all schemas of a request must have at most ${maxSchemaValues} JSON values together ` +
          'after "$ref" is resolved (limits.maxSchemaValues)',
      )
    },
  }
}

function tooLarge(owner: SchemaOwner, tools: readonly Tool[], advice: string): ApiError {
  const isFormat = owner === 'response_format'
  const subject = isFormat ? 'the response format' : `the tool "${owner.name.slice(0, 64)}"`
  const param = isFormat ? owner : `tools[${tools.indexOf(owner)}]`
  return new ApiError('invalid_request', `The schema of ${subject} is too large: ${advice}`, {
    param,
    reason: 'limit',
  })
}
