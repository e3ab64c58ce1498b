import {
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Node,
  parseDocument,
  type Scalar,
  stringify,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml'
import {
  type Edit,
  type Format,
  indentRest,
  lineEnd,
  lineStart,
  type Path,
  type Splice,
  UnreadableText,
  UnsupportedEdit,
  type Value,
} from './format.ts'

/** YAML, one document in a file. New members have the indentation of the others. */
export const YAML: Format = {
  isNullEmpty: true,
  create: print,
  // A document of comments only is an empty table.
  read: (text) => parseText(text).toJS() ?? {},
  apply: (text, edit) => applyEdit({ text, root: parseText(text).contents }, edit),
}

interface Source {
  text: string
  root: Node | null
}

function parseText(text: string): Document.Parsed {
  const document = parseDocument(text, { prettyErrors: false })
  const [error] = document.errors
  if (error === undefined) return document
  const { length } = text.slice(0, error.pos[0]).split('\n')
  // The library's text is for programmers.
  const reason = error.code === 'MULTIPLE_DOCS' ? 'the file has several documents' : error.message
  throw new UnreadableText(reason, length, error.pos[0] - lineStart(text, error.pos[0]) + 1)
}

function applyEdit({ text, root }: Source, { type, path, value }: Edit): readonly Splice[] {
  const parentPath = type === 'append' ? path : path.slice(0, -1)
  const parent = find(root, parentPath)
  if (isAlias(parent)) throw new UnsupportedEdit(parentPath, 'is an alias of another value')
  if (type === 'append') {
    if (!isSeq(parent)) throw new UnsupportedEdit(path, 'is not a list in the file')
    return insert(text, parent, itemOf(value), value)
  }
  const key = String(path.at(-1))
  if (isEmptyDocument(root) && path.length === 1) return appendLines(text, memberOf(key, value))
  if (!isMap(parent)) throw new UnsupportedEdit(parentPath, 'is not a table in the file')
  const pair = parent.items.find((item) => isScalar(item.key) && item.key.value === key)
  if (pair === undefined) return insert(text, parent, memberOf(key, value), { [key]: value })
  return replace(text, parent, pair.value as Node, { path, value })
}

function isEmptyDocument(root: Node | null): boolean {
  return root === null || isScalar(root) && root.value === null
}

/** Adds lines at the end of a document that has only comments. */
function appendLines(text: string, lines: string): readonly Splice[] {
  const space = text.endsWith('\n') ? '' : '\n'
  return [{ range: [text.length, text.length], by: space + lines }]
}

function find(node: unknown, [step, ...rest]: Path): Node | undefined {
  if (step === undefined) return node as Node
  if (isSeq(node)) return find(node.items[Number(step)], rest)
  if (!isMap(node)) return undefined
  const pair = node.items.find(({ key }) => isScalar(key) && key.value === step)
  return pair && find(pair.value, rest)
}

/** Replaces a value that is on one line, or an empty one. */
function replace(
  text: string,
  parent: YAMLMap,
  node: Node,
  { path, value }: Pick<Edit, 'path' | 'value'>,
): readonly Splice[] {
  const [start, end] = rangeOf(node)
  const isEmpty = isScalar(node) && node.value === null
  if (typeof value === 'object' && !parent.flow && isEmpty) {
    const indent = ' '.repeat(columnOf(text, parent) + 2)
    return [{ range: [start, end], by: `\n${indent}${indentRest(print(value).trimEnd(), indent)}` }]
  }
  const isBlock = (isScalar(node) && isBlockScalar(node)) || (isSeq(node) && !node.flow)
  if (isAlias(node) || isBlock) throw new UnsupportedEdit(path, 'has a form that cannot be changed')
  const space = isEmpty && text[start - 1] === ':' ? ' ' : ''
  return [{ range: [start, end], by: space + printInline(value) }]
}

function isBlockScalar({ type }: Scalar): boolean {
  return type === 'BLOCK_LITERAL' || type === 'BLOCK_FOLDED'
}

/** Adds a member or an item at the end of a table or a list. */
function insert(
  text: string,
  list: YAMLMap | YAMLSeq,
  lines: string,
  value: Value,
): readonly Splice[] {
  const last = list.items.at(-1)
  const [start, end] = rangeOf(list)
  if (list.flow) {
    const inner = printInline(value)
    const member = isMap(list) ? inner.slice(1, -1).trim() : inner
    if (last === undefined) return [{ range: [start + 1, start + 1], by: member }]
    const hasComma = /,\s*$/.test(text.slice(contentEnd(last), end - 1))
    const at = hasComma ? end - 1 : contentEnd(last)
    return [{ range: [at, at], by: `${hasComma ? '' : ','} ${member}` }]
  }
  const indent = ' '.repeat(columnOf(text, list))
  const position = contentEnd(last)
  const isAtLineStart = text[position - 1] === '\n'
  const at = isAtLineStart ? position : lineEnd(text, position)
  const isWhole = text[at - 1] === '\n'
  const block = indent + indentRest(lines.trimEnd(), indent)
  return [{ range: [at, at], by: isWhole ? `${block}\n` : `\n${block}` }]
}

/** The column of the members of a table or the dashes of a list. */
function columnOf(text: string, list: YAMLMap | YAMLSeq): number {
  const [start] = rangeOf(list)
  return start - lineStart(text, start)
}

/** The position after the last character of a value, without comments after it. */
function contentEnd(node: unknown): number {
  if (isPair(node)) return contentEnd(node.value ?? node.key)
  const isBlock = (isMap(node) || isSeq(node)) && !node.flow
  const last = isBlock ? node.items.at(-1) : undefined
  return last === undefined ? rangeOf(node as Node)[1] : contentEnd(last)
}

function rangeOf({ range }: Node): readonly [number, number] {
  if (!range) throw new TypeError('A node without a range')
  return [range[0], range[1]]
}

function memberOf(key: string, value: Value): string {
  return print({ [key]: value })
}

function itemOf(value: Value): string {
  return print([value])
}

function print(value: Value): string {
  return stringify(value, { lineWidth: 0 })
}

function printInline(value: Value): string {
  return stringify(value, { lineWidth: 0, collectionStyle: 'flow' }).trimEnd().replaceAll(
    /\n\s*/g,
    ' ',
  )
}
