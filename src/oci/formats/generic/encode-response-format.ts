import type { ResponseFormat } from '../../../chat/model.ts'
import type { ModelProfile } from '../../models/profiles.ts'
import { cleanSchema } from '../schema/clean.ts'
import { RESPONSE, schemaName } from '../schema/name.ts'
import type { SchemaBudget } from '../schema/budget.ts'
import type { GenericResponseFormat } from './wire.ts'

/** Encodes the response format. JSON mode becomes a schema of any object where the mode fails. */
export function encodeResponseFormat(
  format: ResponseFormat,
  profile: ModelProfile,
  budget?: SchemaBudget,
): GenericResponseFormat {
  switch (format.type) {
    case 'json-object':
      return profile.jsonObject === 'JSON_OBJECT' ? { type: 'JSON_OBJECT' } : ANY_OBJECT
    case 'json-schema':
      return {
        type: 'JSON_SCHEMA',
        jsonSchema: {
          name: schemaName(format.name),
          description: format.description?.toWellFormed(),
          schema: format.schema &&
            cleanSchema(format.schema, profile.schema, { budget, owner: 'response_format' }),
          isStrict: format.strict,
        },
      }
  }
}

const ANY_OBJECT: GenericResponseFormat = {
  type: 'JSON_SCHEMA',
  jsonSchema: {
    name: RESPONSE,
    description: undefined,
    schema: { type: 'object' },
    isStrict: undefined,
  },
}
