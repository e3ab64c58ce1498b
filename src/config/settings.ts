import * as v from 'valibot'
import { ConfigFileSchema } from './schema.ts'

/** A key of the configuration file that has a value of its own. */
export interface SettingDefinition {
  path: readonly string[]
  /** `map` is an object with free keys, such as aliases. */
  kind: 'single' | 'list' | 'map'
  /** As the description names it, such as `8050` or `the tenancy`; empty if it names none. */
  byDefault: string
}

/** The parts of a valibot schema that are read here. */
interface Schema {
  kind: 'schema'
  type: string
  entries?: Readonly<Record<string, Schema>>
  wrapped?: Schema
}

/** Lists all keys of the configuration file in the order of the schema. */
export function listSettings(): readonly SettingDefinition[] {
  return settingsOf(ConfigFileSchema, []).filter(({ path }) => path[0] !== '$schema')
}

function settingsOf(schema: Schema, path: readonly string[]): SettingDefinition[] {
  const { entries, type } = schema
  if (entries) {
    return Object.entries(entries).flatMap(([key, entry]) =>
      settingsOf(entry.wrapped ?? entry, [...path, key])
    )
  }
  const kind = type === 'record' ? 'map' : type === 'array' ? 'list' : 'single'
  return [{ path, kind, byDefault: defaultOf(schema) }]
}

function defaultOf(schema: Schema): string {
  // Every node of the schema is a valibot schema.
  const description = v.getDescription(schema as v.GenericSchema) ?? ''
  return /(?:^|\. )Default: (.*)$/.exec(description)?.[1] ?? ''
}
