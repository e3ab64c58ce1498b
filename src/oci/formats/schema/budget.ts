import type { JsonSchema, Tool } from '../../../chat/model.ts'
import { ApiError } from '../../../errors.ts'
import { DEFAULT_REQUEST_LIMITS, MAX_JSON_DEPTH, type RequestLimits } from '../../../limits.ts'
import { measureJson } from './measure.ts'

/** What a schema belongs to: a tool's arguments, or the answer. */
export type SchemaOwner = Tool | 'response_format'

/** What the schemas of one request may take up, all of them together. */
export interface SchemaBudget {
  /**
   * Characters that may still be written to find out how deep references can be resolved. Once
   * they are used up, recursive schemas are resolved to the lowest depth.
   */
  expansion: number
  /**
   * Counts the values of a schema whose references were resolved. Throws an `invalid_request` that
   * names its owner when the request has too many, or the schema is nested too deep.
   */
  spend(schema: JsonSchema, owner: SchemaOwner): void
}

/** About as much as a hundred recursive schemas take, and some tenths of a second. */
const EXPANSION = 10_000_000

/** Begins to count the schemas of a request with these tools. */
export function createSchemaBudget(
  tools: readonly Tool[],
  { maxSchemaValues }: RequestLimits = DEFAULT_REQUEST_LIMITS,
): SchemaBudget {
  let left = maxSchemaValues
  return {
    expansion: EXPANSION,
    spend(schema, owner) {
      const { values, depth } = measureJson(schema, left)
      left -= values
      if (depth > MAX_JSON_DEPTH) {
        const state = `it must be nested at most ${MAX_JSON_DEPTH} levels deep`
        throw refuse(owner, tools, `${state} after "$ref" is resolved`)
      }
      if (left >= 0) return
      throw refuse(
        owner,
        tools,
        `all schemas of a request must have at most ${maxSchemaValues} JSON values together ` +
          'after "$ref" is resolved (limits.maxSchemaValues)',
      )
    },
  }
}

function refuse(owner: SchemaOwner, tools: readonly Tool[], state: string): ApiError {
  const isFormat = owner === 'response_format'
  const subject = isFormat ? 'the response format' : `the tool "${owner.name.slice(0, 64)}"`
  const param = isFormat ? owner : `tools[${tools.indexOf(owner)}]`
  return new ApiError('invalid_request', `The schema of ${subject} is too large: ${state}`, {
    param,
    reason: 'limit',
  })
}
