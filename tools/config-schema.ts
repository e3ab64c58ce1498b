/**
 * Writes `docs/config.schema.json`, the JSON Schema of the configuration file, which editors use for
 * completion and validation:
 *
 *   npm run schema
 */
import { writeFile } from 'node:fs/promises'
import { configSchemaText } from '../src/cli/config/schema.ts'

/** Where the schema is published. */
export const SCHEMA_FILE = new URL('../docs/config.schema.json', import.meta.url)

if (import.meta.main) await writeFile(SCHEMA_FILE, configSchemaText())
