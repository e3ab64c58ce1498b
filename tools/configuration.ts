import { configSchemaText } from '../src/cli/config/schema.ts'
import { withSection } from './generated-section.ts'

/** The parts of a JSON Schema that are used here. */
interface Schema {
  type?: string
  description?: string
  enum?: readonly string[]
  items?: Schema
  properties?: Record<string, Schema>
  additionalProperties?: Schema | boolean
}

/** Units by the ending of a key. */
const UNITS: readonly (readonly [ending: RegExp, unit: string])[] = [
  [/Seconds$/, 'seconds'],
  [/Minutes$/, 'minutes'],
  [/PerMinute$/, 'per minute'],
  [/MiB/, 'MiB'],
  [/Megabytes$/i, 'MiB'],
  [/Tokens$|^contextWindow$/, 'tokens'],
]

/** Replaces the configuration reference in a page with that of the schema. */
export function withConfiguration(page: string): string {
  return withSection(page, 'configuration', renderReference(JSON.parse(configSchemaText())))
}

/** Renders a table of the simple keys, then one for each object. */
function renderReference({ properties = {} }: Schema): string {
  const keys = Object.entries(properties).filter(([name]) => name !== '$schema')
  const objects = keys.filter(([, schema]) => isObject(schema))
  const single = keys.filter(([, schema]) => !isObject(schema))
  return [
    '### General',
    '',
    renderTable(single.flatMap(([name, schema]) => renderRows(name, schema))),
    ...objects.flatMap(([name, schema]) => [
      `### ${name}`,
      '',
      ...(schema.description ? [`${schema.description}.`, ''] : []),
      renderTable(renderRows(name, schema)),
    ]),
  ].join('\n')
}

function renderTable(rows: readonly string[]): string {
  return ['| key | type | default | description |', '|---|---|---|---|', ...rows, ''].join('\n')
}

/** Renders the rows of a key and of all keys below it. */
function renderRows(path: string, schema: Schema): string[] {
  const below = Object.entries(membersOf(schema))
  if (below.length === 0) return [renderRow(path, schema)]
  const prefix = schema.properties ? path : `${path}.<name>`
  const own = path.includes('.') ? [renderRow(path, schema)] : []
  return [...own, ...below.flatMap(([name, each]) => renderRows(`${prefix}.${name}`, each))]
}

function renderRow(path: string, schema: Schema): string {
  const [meaning = '', byDefault = ''] = (schema.description ?? '').split(/(?:^|\. )Default: /)
  const cells = [`\`${path}\``, typeOf(path, schema), byDefault, meaning]
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
}

function typeOf(path: string, schema: Schema): string {
  const { type = 'any', enum: values, items, additionalProperties } = schema
  if (values) return values.map((value) => `\`${value}\``).join(', ')
  if (items) return `list of ${typeOf('', items)}`
  if (typeof additionalProperties === 'object') {
    return `object of ${typeOf('', additionalProperties)}`
  }
  const unit = UNITS.find(([ending]) => ending.test(path.split('.').at(-1) ?? ''))?.[1]
  return unit === undefined ? type : `${type} (${unit})`
}

function isObject(schema: Schema): boolean {
  return Object.keys(membersOf(schema)).length > 0
}

/** The keys of an object, or the keys of the values of a map. */
function membersOf({ properties, additionalProperties }: Schema): Record<string, Schema> {
  if (properties) return properties
  return typeof additionalProperties === 'object' ? additionalProperties.properties ?? {} : {}
}
