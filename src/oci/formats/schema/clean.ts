import type { JsonSchema } from '../../../chat/model.ts'
import type { SchemaDialect } from '../../models/profiles.ts'
import type { SchemaBudget, SchemaOwner } from './budget.ts'
import { inlineReferences } from './inline.ts'
import { measureJson } from './measure.ts'
import { dropUnknownRequired } from './required.ts'
import { simplify } from './simplify.ts'

/** The budget that a schema is charged to, and its owner. */
export interface SchemaAccount {
  budget: SchemaBudget | undefined
  owner: SchemaOwner
}

/**
 * Converts the JSON Schema of a tool or a response format to the dialect of a model family. Property
 * names are unchanged, the argument is not modified, and a clean schema is returned equal. Throws an
 * `invalid_request` when the schemas of the request exceed the budget.
 */
export function cleanSchema(
  schema: JsonSchema,
  dialect: SchemaDialect,
  { budget, owner }: SchemaAccount = { budget: undefined, owner: 'response_format' },
): JsonSchema {
  const size = budget?.check(schema, owner) ?? measureJson(schema, Infinity)
  const count = (resolved: JsonSchema): JsonSchema => {
    budget?.spend(resolved, owner, resolved === schema ? size : undefined)
    return resolved
  }
  switch (dialect) {
    case 'native':
      return dropUnknownRequired(count(schema), 'in place')
    case 'inlined':
      return dropUnknownRequired(count(inlineReferences(schema, 'kept', size, budget)), 'own')
    case 'portable':
    case 'gemini':
      return simplify(count(inlineReferences(schema, 'merged', size, budget)), dialect)
  }
}
