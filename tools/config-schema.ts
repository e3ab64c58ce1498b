/**
 * Writes `docs/config.schema.json`, the JSON Schema of the configuration file, by which editors
 * complete and check it:
 *
 *   npm run schema
 */
import { toJsonSchema } from '@valibot/to-json-schema'
import { writeFile } from 'node:fs/promises'
import { ConfigFileSchema } from '../src/config/schema.ts'

/** Where the schema is published. */
export const SCHEMA_FILE = new URL('../docs/config.schema.json', import.meta.url)

/** The text of the JSON Schema, as the file has it. */
export function configSchemaText(): string {
  // JSON Schema has no word for a check in code; the descriptions tell what is checked.
  const schema = toJsonSchema(ConfigFileSchema, { ignoreActions: ['check'] })
  const title = 'Configuration of oci-genai-gateway'
  return `${JSON.stringify({ $schema: schema.$schema, title, ...schema }, null, 2)}\n`
}

if (import.meta.main) await writeFile(SCHEMA_FILE, configSchemaText())
