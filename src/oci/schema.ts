import type { JsonSchema } from '../chat/model.ts'
import type { SchemaDialect } from './models.ts'
import { inlineReferences } from './schema/inline.ts'
import { dropGhosts } from './schema/required.ts'
import { simplify } from './schema/simplify.ts'

/**
 * A tool's or an answer's JSON Schema, in the dialect a model's family takes. Property names and
 * the given object are never touched; what is already clean comes back equal.
 */
export function cleanSchema(schema: JsonSchema, dialect: SchemaDialect): JsonSchema {
  switch (dialect) {
    case 'native':
      return dropGhosts(schema, 'in place')
    case 'inlined':
      return dropGhosts(inlineReferences(schema, 'kept'), 'own')
    case 'portable':
    case 'gemini':
      return simplify(inlineReferences(schema, 'merged'), dialect)
  }
}
