/** A type, in a small form of JSON Schema. An empty one is any value. */
export interface Schema {
  /** The name of a definition. */
  ref?: string
  const?: string | number | boolean | null
  type?: 'string' | 'number' | 'boolean'
  anyOf?: readonly Schema[]
  items?: Schema
  properties?: Readonly<Record<string, Schema>>
  required?: readonly string[]
  /** The type of members that `properties` does not name. */
  additional?: Schema
}

/** Types and the definitions that they refer to. */
export interface Schemas {
  roots: Readonly<Record<string, Schema>>
  definitions: Readonly<Record<string, Schema>>
}
