import type { JsonSchema } from '../../../chat/model.ts'
import type { SchemaDialect } from '../../models/profiles.ts'
import type { SchemaBudget, SchemaOwner } from './budget.ts'
import { inlineReferences } from './inline.ts'
import { dropUnknownRequired } from './required.ts'
import { simplify } from './simplify.ts'

/** Where a schema is counted, and what it belongs to. */
export interface SchemaAccount {
  budget: SchemaBudget | undefined
  owner: SchemaOwner
}

/**
 * A tool's or an answer's JSON Schema, in the dialect a model's family takes. Property names and
 * the given object are never touched; what is already clean comes back equal. With a budget it
 * throws an `invalid_request` when the schemas of the request are too large.
 */
export function cleanSchema(
  schema: JsonSchema,
  dialect: SchemaDialect,
  { budget, owner }: SchemaAccount = { budget: undefined, owner: 'response_format' },
): JsonSchema {
  const count = (resolved: JsonSchema): JsonSchema => {
    budget?.spend(resolved, owner)
    return resolved
  }
  switch (dialect) {
    case 'native':
      return dropUnknownRequired(count(schema), 'in place')
    case 'inlined':
      return dropUnknownRequired(count(inlineReferences(schema, 'kept', budget)), 'own')
    case 'portable':
    case 'gemini':
      return simplify(count(inlineReferences(schema, 'merged', budget)), dialect)
  }
}
