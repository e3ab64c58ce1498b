import type { JsonSchema } from '../../chat/model.ts'

/** The schema of a string. */
export function string(description: string): JsonSchema {
  return { type: 'string', description }
}

/** The schema of one of these strings. */
export function oneOf(values: readonly string[], description: string): JsonSchema {
  return { type: 'string', enum: values, description }
}

/** The schema of a list of whole numbers. */
export function numbers(description: string): JsonSchema {
  return { type: 'array', items: { type: 'integer' }, description }
}
