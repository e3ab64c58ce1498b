/**
 * Writes `docs/config.schema.json`, the JSON Schema of the configuration file, which editors use for
 * completion and validation:
 *
 *   npm run schema
 */
import { toJsonSchema } from '@valibot/to-json-schema'
import { writeFile } from 'node:fs/promises'
import { ConfigFileSchema } from '../src/config/schema.ts'

/** Where the schema is published. */
export const SCHEMA_FILE = new URL('../docs/config.schema.json', import.meta.url)

/** Renders the JSON Schema file. */
export function configSchemaText(): string {
  // JSON Schema cannot express checks in code; the descriptions state them.
  const schema = toJsonSchema(ConfigFileSchema, { ignoreActions: ['check'] })
  const title = 'Configuration of oci-genai-gateway'
  return `${JSON.stringify({ $schema: schema.$schema, title, ...schema }, null, 2)}\n`
}

if (import.meta.main) await writeFile(SCHEMA_FILE, configSchemaText())
