import { type AST, getStaticTOMLValue, ParseError, parseTOML } from 'toml-eslint-parser'
import {
  type Edit,
  type Format,
  indentationAt,
  isTable,
  lineEnd,
  type Path,
  type Splice,
  UnreadableText,
  UnsupportedEdit,
  type Value,
} from './format.ts'
import { printKey, printLines, printTables, printValue } from './print-toml.ts'

/** TOML. New tables are added at the end; a table on one line stays on one line. */
export const TOML: Format = {
  isNullEmpty: false,
  create: (value) => printTables([], value),
  read: (text) => getStaticTOMLValue(parseText(text)),
  apply: (text, edit) => applyEdit({ text, top: parseText(text).body[0] }, edit),
}

interface Source {
  text: string
  top: AST.TOMLTopLevelTable
}

function parseText(text: string): AST.TOMLProgram {
  try {
    return parseTOML(text, { tomlVersion: '1.1' })
  } catch (error) {
    if (!(error instanceof ParseError)) throw error
    throw new UnreadableText(error.message, error.lineNumber, error.column + 1)
  }
}

function applyEdit(source: Source, { type, path, value }: Edit): readonly Splice[] {
  if (type === 'append' || path.some((step) => typeof step === 'number')) {
    throw new UnsupportedEdit(path, 'is in a list, which cannot be changed')
  }
  const entries = entriesOf(source.top)
  const names = path.map(String)
  const same = entries.find((entry) => isSame(entry.path, names))
  if (same) return [{ range: same.node.value.range, by: printValue(value) }]
  const around = entries.find(({ node, path: start }) =>
    node.value.type === 'TOMLInlineTable' && isStart(start, names)
  )
  if (around?.node.value.type === 'TOMLInlineTable') {
    return [insertInline(around.node.value, names.slice(around.path.length), value)]
  }
  return [insert(source, entries, names, value)]
}

/** A line `key = value`, with the path from the top of the file. */
interface Entry {
  path: readonly string[]
  node: AST.TOMLKeyValue
}

/** The lines of the file and of tables on one line, innermost last. */
function entriesOf(top: AST.TOMLTopLevelTable): readonly Entry[] {
  return top.body.flatMap((node) =>
    node.type === 'TOMLKeyValue'
      ? entryOf(node, [])
      : node.body.flatMap((inner) => entryOf(inner, node.resolvedKey.map(String)))
  ).sort((one, other) => other.path.length - one.path.length)
}

function entryOf(node: AST.TOMLKeyValue, table: readonly string[]): readonly Entry[] {
  const path = [...table, ...getStaticTOMLValue(node.key)]
  const { value } = node
  const inner = value.type === 'TOMLInlineTable'
    ? value.body.flatMap((member) => entryOf(member, path))
    : []
  return [{ path, node }, ...inner]
}

function insertInline(
  { body, range: [start] }: AST.TOMLInlineTable,
  path: readonly string[],
  value: Value,
): Splice {
  const line = `${path.map(printKey).join('.')} = ${printValue(value)}`
  const end = body.at(-1)?.range[1]
  return end === undefined
    ? { range: [start + 1, start + 1], by: ` ${line} ` }
    : { range: [end, end], by: `, ${line}` }
}

function insert(
  source: Source,
  entries: readonly Entry[],
  path: readonly string[],
  value: Value,
): Splice {
  const { text, top } = source
  const table = path.slice(0, -1)
  if (isTable(value)) return append(text, printTables(path, value))
  const header = top.body.find((node) =>
    node.type === 'TOMLTable' && node.kind === 'standard' &&
    isSame(node.resolvedKey.map(String), table)
  )
  if (header?.type === 'TOMLTable') {
    const last = header.body.at(-1)
    const indent = indentationAt(text, last ? last.range[0] : header.range[0])
    const lines = printLines(path.slice(table.length), value, indent)
    return insertAfter(text, last ? last.range[1] : header.key.range[1], lines)
  }
  if (table.length === 0) return insertAtTop(source, printLines(path, value, ''))
  return insertDotted(text, entries, path, value) ??
    append(text, printTables(table, { [path.at(-1) ?? '']: value }))
}

/** The last line that defines a table by a name with dots. */
function siblingOf(entries: readonly Entry[], table: readonly string[]): Entry | undefined {
  const siblings = entries.filter(({ path, node }) =>
    table.length > 0 && path.length > table.length && isStart(table, path) &&
    path.length - node.key.keys.length < table.length && node.parent.type !== 'TOMLInlineTable'
  )
  return siblings.sort((one, other) => one.node.range[0] - other.node.range[0]).at(-1)
}

/** Adds a line beside the lines `table.key = …`, with as many names before the dot as they have. */
function insertDotted(
  text: string,
  entries: readonly Entry[],
  path: readonly string[],
  value: Value,
): Splice | undefined {
  const sibling = siblingOf(entries, path.slice(0, -1))
  if (sibling === undefined) return undefined
  const owner = sibling.path.length - sibling.node.key.keys.length
  const indent = indentationAt(text, sibling.node.range[0])
  return insertAfter(text, sibling.node.range[1], printLines(path.slice(owner), value, indent))
}

/** Adds a line before the first table. */
function insertAtTop({ text, top }: Source, lines: string): Splice {
  const last = top.body.filter(({ type }) => type === 'TOMLKeyValue').at(-1)
  if (last) return insertAfter(text, last.range[1], lines)
  const isEmpty = top.body.length === 0
  return isEmpty ? append(text, lines) : { range: [0, 0], by: `${lines}\n` }
}

/** Adds lines after the line of a position. */
function insertAfter(text: string, position: number, lines: string): Splice {
  const end = lineEnd(text, position)
  const isWhole = text[end - 1] === '\n'
  return { range: [end, end], by: isWhole ? lines : `\n${lines.replace(/\n$/, '')}` }
}

/** Adds lines at the end of the file, after an empty line. */
function append(text: string, lines: string): Splice {
  const isWhole = text.endsWith('\n')
  const space = isWhole ? '\n' : '\n\n'
  return {
    range: [text.length, text.length],
    by: space + (isWhole ? lines : lines.replace(/\n$/, '')),
  }
}

function isSame(one: Path, other: Path): boolean {
  return one.length === other.length && isStart(one, other)
}

function isStart(start: Path, path: Path): boolean {
  return start.length <= path.length && start.every((name, at) => name === path[at])
}
