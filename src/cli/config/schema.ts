import { toJsonSchema } from '@valibot/to-json-schema'
import { ConfigFileSchema } from '../../config/schema.ts'

/** Renders the JSON Schema of the configuration file. */
export function configSchemaText(): string {
  // JSON Schema cannot express checks in code; the descriptions state them.
  const schema = toJsonSchema(ConfigFileSchema, { ignoreActions: ['check'] })
  const title = 'Configuration of oci-genai-gateway'
  return `${JSON.stringify({ $schema: schema.$schema, title, ...schema }, null, 2)}\n`
}
