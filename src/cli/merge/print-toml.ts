import { isTable, type Value } from './format.ts'

type Table = { readonly [name: string]: Value }

/** A table with its header and the tables in it. At the top of the file there is no header. */
export function printTables(path: readonly string[], table: Table): string {
  const members = Object.entries(table)
  const lines = members.filter(([, value]) => !isTable(value))
    .map(([name, value]) => `${printKey(name)} = ${printValue(value)}\n`)
    .join('')
  const isNeeded = path.length > 0 && (lines !== '' || members.length === 0)
  const header = isNeeded ? `[${path.map(printKey).join('.')}]\n` : ''
  const tables = members.flatMap(([name, value]) =>
    isTable(value) ? [printTables([...path, name], value)] : []
  )
  return [header + lines, ...tables].filter((text) => text !== '').join('\n')
}

/** The lines `a.b = value` for a value, one for each member if it is a table. */
export function printLines(path: readonly string[], value: Value, indent: string): string {
  if (!isTable(value)) return `${indent}${path.map(printKey).join('.')} = ${printValue(value)}\n`
  return Object.entries(value)
    .map(([name, member]) => printLines([...path, name], member, indent))
    .join('')
}

/** A value on one line. */
export function printValue(value: Value): string {
  if (typeof value === 'string') return printString(value)
  if (typeof value !== 'object') return String(value)
  if (!isTable(value)) return `[${(value as readonly Value[]).map(printValue).join(', ')}]`
  const members = Object.entries(value as Table).map(([name, member]) =>
    `${printKey(name)} = ${printValue(member)}`
  )
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`
}

/** A name, quoted where necessary. */
export function printKey(name: string): string {
  return /^[A-Za-z0-9_-]+$/.test(name) ? name : printString(name)
}

/** TOML has the escape sequences of JSON, and forbids the character DEL. */
function printString(text: string): string {
  return JSON.stringify(text).replaceAll('\x7f', '\\u007F')
}
