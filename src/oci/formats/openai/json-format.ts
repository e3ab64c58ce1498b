import type { JsonSchema, ResponseFormat } from '../../../chat/model.ts'
import type { ModelProfile } from '../../models/profiles.ts'
import { cleanSchema } from '../schema/clean.ts'
import { RESPONSE, schemaName } from '../schema/name.ts'
import type { SchemaBudget } from '../schema/budget.ts'

/** The response format of OCI's OpenAI endpoint: flat in Responses, nested in chat completions. */
export type JsonFormat = { type: 'json_object' } | ({ type: 'json_schema' } & NamedSchema)

export interface NamedSchema {
  /** Letters, digits, `_` and `-`. */
  name: string
  description: string | undefined
  schema: JsonSchema
  strict: boolean | undefined
}

/** Encodes the response format. JSON mode becomes a schema of any object where the mode fails. */
export function encodeJsonFormat(
  format: ResponseFormat,
  profile: ModelProfile,
  budget?: SchemaBudget,
): JsonFormat {
  switch (format.type) {
    case 'json-object':
      return profile.jsonObject === 'JSON_OBJECT' ? { type: 'json_object' } : ANY_OBJECT
    case 'json-schema':
      return {
        type: 'json_schema',
        name: schemaName(format.name),
        description: format.description,
        schema: cleanSchema(format.schema ?? { type: 'object' }, profile.schema, {
          budget,
          owner: 'response_format',
        }),
        strict: format.strict,
      }
  }
}

const ANY_OBJECT: JsonFormat = {
  type: 'json_schema',
  name: RESPONSE,
  description: undefined,
  schema: { type: 'object' },
  strict: false,
}
