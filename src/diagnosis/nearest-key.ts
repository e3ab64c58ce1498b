import { ConfigFileSchema } from '../config/schema.ts'
import { nearestNames } from '../nearest-names.ts'

/** The used parts of a schema: an object has `entries`, a record `value`, an optional `wrapped`. */
interface Schema {
  entries?: Readonly<Record<string, Schema>>
  value?: Schema
  wrapped?: Schema
}

/** The known key that is most similar to an unknown one, such as `limits.maxBodyMib`. */
export function nearestKey(path: string): string | undefined {
  const names = path.split('.')
  let schema: Schema | undefined = ConfigFileSchema as Schema
  for (const name of names.slice(0, -1)) {
    schema = unwrap(schema)
    schema = schema?.entries?.[name] ?? schema?.value
  }
  return nearestNames(names.at(-1) ?? '', Object.keys(unwrap(schema)?.entries ?? {}))[0]
}

function unwrap(schema: Schema | undefined): Schema | undefined {
  return schema?.wrapped === undefined ? schema : unwrap(schema.wrapped)
}
