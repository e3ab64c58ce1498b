import type { JsonSchema, Tool } from '../../../chat/model.ts'
import type { SchemaDialect } from '../../models/profiles.ts'
import { cleanSchema } from '../schema/clean.ts'
import type { SchemaBudget } from '../schema/budget.ts'

const NO_PARAMETERS: JsonSchema = { type: 'object', properties: {} }

/** Encodes the schema of a tool's arguments in the dialect of the model; a tool may have none. */
export function encodeParameters(
  tool: Tool,
  dialect: SchemaDialect,
  budget: SchemaBudget | undefined,
): JsonSchema {
  const schema = asObjectSchema(tool.parameters ?? NO_PARAMETERS)
  return cleanSchema(schema, dialect, { budget, owner: tool })
}

/** Arguments are always an object, and OCI requires the type even where the client omits it. */
function asObjectSchema(schema: JsonSchema): JsonSchema {
  const { type } = schema
  const allowsObject = type === undefined || (Array.isArray(type) && type.includes('object'))
  return allowsObject ? { ...schema, type: 'object' } : schema
}
