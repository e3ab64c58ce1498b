import type { JsonSchema, Tool } from '../../../chat/model.ts'
import type { SchemaDialect } from '../../models/profiles.ts'
import { cleanSchema } from '../schema/clean.ts'
import type { SchemaBudget } from '../schema/budget.ts'

const NO_PARAMETERS: JsonSchema = { type: 'object', properties: {} }

/** The schema of a tool's arguments as a model's family reads it; a tool may have none. */
export function encodeParameters(
  tool: Tool,
  dialect: SchemaDialect,
  budget: SchemaBudget | undefined,
): JsonSchema {
  const schema = asObjectSchema(tool.parameters ?? NO_PARAMETERS)
  return cleanSchema(schema, dialect, { budget, owner: tool })
}

/** Arguments are an object even where the schema, such as `{}`, does not say so: OCI wants to hear it. */
function asObjectSchema(schema: JsonSchema): JsonSchema {
  const { type } = schema
  const isSilent = type === undefined || (Array.isArray(type) && type.includes('object'))
  return isSilent ? { ...schema, type: 'object' } : schema
}
