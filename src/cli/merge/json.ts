import { type AnyNode, type DocumentNode, evaluate, parse } from '@humanwhocodes/momoa'
import {
  type Edit,
  type Format,
  indentationAt,
  indentRest,
  lineStart,
  type Path,
  type Splice,
  UnreadableText,
  UnsupportedEdit,
  type Value,
} from './format.ts'

type Mode = 'json' | 'jsonc' | 'json5'

const DEFAULT_INDENTATION = '  '

/** JSON, JSON with comments and trailing commas, or JSON5. */
export function jsonFormat(mode: Mode): Format {
  return {
    isNullEmpty: false,
    create: (value) => `${JSON.stringify(value, null, 2)}\n`,
    read: (text) => evaluate(parseText(text, mode)),
    apply: (text, edit) => applyEdit({ text, root: parseText(text, mode) }, edit),
  }
}

interface Source {
  text: string
  root: DocumentNode
}

function parseText(text: string, mode: Mode): DocumentNode {
  const allowTrailingCommas = mode !== 'json'
  try {
    return parse(text, { mode, ranges: true, tokens: true, allowTrailingCommas })
  } catch (error) {
    if (!(error instanceof Error)) throw error
    // The position of this error is always the start.
    if (/end of input/.test(error.message)) throw new UnreadableText('the file ends too early')
    throw new UnreadableText(error.message.replace(/\.? \((\d+):(\d+)\)$/, ' (line $1, column $2)'))
  }
}

function applyEdit(source: Source, { type, path, value }: Edit): readonly Splice[] {
  if (type === 'append') {
    const list = find(source.root.body, path)
    if (list?.type !== 'Array') throw new UnsupportedEdit(path, 'is not a list in the file')
    // Elements have no range of their own.
    const items = list.elements.map((element) => element.value)
    return insert(source, list, items, (indent) => printed(source, value, indent))
  }
  const name = path.at(-1)
  const table = find(source.root.body, path.slice(0, -1))
  if (table?.type !== 'Object') throw new UnsupportedEdit(path, 'is not in a table of the file')
  const found = find(table, path.slice(-1))
  if (found) {
    const [start, end] = rangeOf(found)
    const indent = indentationAt(source.text, start)
    return [{ range: [start, end], by: printed(source, value, indent) }]
  }
  const key = `${JSON.stringify(String(name))}: `
  return insert(source, table, table.members, (indent) => key + printed(source, value, indent))
}

/** The value at a path. Of repeated names, JSON uses the last one. */
function find(node: AnyNode, [step, ...rest]: Path): AnyNode | undefined {
  if (step === undefined) return node
  if (node.type === 'Array') {
    const element = node.elements[Number(step)]
    return element && find(element.value, rest)
  }
  if (node.type !== 'Object') return undefined
  const member = node.members.findLast(({ name }) =>
    (name.type === 'Identifier' ? name.name : name.value) === step
  )
  return member && find(member.value, rest)
}

/** Adds a member or an item at the end, in the style of the others. */
function insert(
  { text, root }: Source,
  list: AnyNode,
  members: readonly AnyNode[],
  print: (indent: string | undefined) => string,
): readonly Splice[] {
  const [start, end] = rangeOf(list)
  const inner = tokensOf(root).filter(([, from, to]) => from > start && to < end)
  const lastToken = inner.at(-1)?.[2] ?? start + 1
  const last = members.at(-1)
  const lastEnd = last ? rangeOf(last)[1] : start + 1
  const hasComma = inner.some(([type, from]) => type === 'Comma' && from >= lastEnd)
  const comma = last && !hasComma ? [{ range: [lastEnd, lastEnd] as const, by: ',' }] : []
  const isOneLine = last !== undefined && !text.slice(start, end).includes('\n')
  if (isOneLine) {
    // In a list on one line, the new value is on the same line.
    const by = `${comma.length > 0 ? ',' : ''} ${print(undefined)}${hasComma ? ',' : ''}`
    return [{ range: [lastToken, lastToken], by }]
  }
  const outer = indentationAt(text, start)
  const indent = last && isFirstOnLine(text, rangeOf(last)[0])
    ? indentationAt(text, rangeOf(last)[0])
    : outer + unitOf(text)
  const hasClosingLine = text.slice(lastToken, end).includes('\n')
  const line = `\n${indent}${print(indent)}${hasComma ? ',' : ''}${
    hasClosingLine ? '' : `\n${outer}`
  }`
  // Both splices may be at the same position.
  return lastToken === lastEnd && comma.length > 0
    ? [{ range: [lastEnd, lastEnd], by: `,${line}` }]
    : [...comma, { range: [lastToken, lastToken], by: line }]
}

/** @param indent the indentation of the line; `undefined` prints the value on one line */
function printed({ text }: Pick<Source, 'text'>, value: Value, indent: string | undefined): string {
  if (indent !== undefined) return indentRest(JSON.stringify(value, null, unitOf(text)), indent)
  return JSON.stringify(value, null, 1).replaceAll(/\n */g, ' ')
}

/** One level of indentation in a text. */
function unitOf(text: string): string {
  return /^(\t| +)(?=["'\w}\]])/m.exec(text)?.[1] ?? DEFAULT_INDENTATION
}

function isFirstOnLine(text: string, position: number): boolean {
  return text.slice(lineStart(text, position), position).trim() === ''
}

function rangeOf({ range }: AnyNode): readonly [number, number] {
  // Every node has a range, because the parser is called with `ranges`.
  if (range === undefined) throw new TypeError('A node without a range')
  return [range[0] ?? 0, range[1] ?? 0]
}

function tokensOf({ tokens = [] }: DocumentNode): [type: string, start: number, end: number][] {
  return tokens.map(({ type, range = [] }) => [type, range[0] ?? 0, range[1] ?? 0])
}
