import type { Prompt } from '../../prompt.ts'

/** What both versions of Cohere's format know of response formats: a schema sits beside its type. */
export interface CohereResponseFormat {
  type: 'TEXT' | 'JSON_OBJECT'
  schema?: unknown
}

/** The response format, as a prompt has it. */
export function readFormat(format: CohereResponseFormat | undefined): Prompt['format'] {
  if (format?.type !== 'JSON_OBJECT') return 'text'
  return format.schema === undefined ? 'json' : { schema: format.schema }
}
