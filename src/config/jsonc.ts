import { type AnyNode, parse, type ValueNode } from '@humanwhocodes/momoa'
import { blankComments } from './blank-comments.ts'

/** A position in a text, counted from 1. */
export interface Position {
  line: number
  column: number
}

/** A value of a JSON text with its position. */
export interface LocatedValue {
  position: Position
  /** The offsets of its first character and behind its last one, without a byte order mark. */
  range: readonly [start: number, end: number]
  node: LocatedNode
}

/** A member of an object with the position of its key. */
export interface LocatedMember extends LocatedValue {
  keyPosition: Position
}

type LocatedNode =
  | { type: 'object'; members: ReadonlyMap<string, LocatedMember> }
  | { type: 'array'; elements: readonly LocatedValue[] }
  | { type: 'scalar'; value: string | number | boolean | null }

/** A problem of the text itself. The message never quotes the text, which may contain secrets. */
export interface JsoncProblem {
  position: Position
  /** The keys that lead to a repeated key; empty for a syntax error. */
  path: readonly string[]
  message: string
}

export type JsoncResult =
  | { type: 'parsed'; root: LocatedValue; repeated: readonly JsoncProblem[] }
  | { type: 'invalid'; problem: JsoncProblem }

/**
 * Parses JSON with comments and trailing commas (JSONC). A repeated key is a problem, because one of
 * its values would silently have no effect.
 */
export function parseJsonc(source: string): JsoncResult {
  const text = source.replace(/^\ufeff/, '')
  const blanked = blankComments(text)
  if (blanked.type === 'invalid') return invalid(text, blanked.offset, blanked.message)
  try {
    const repeated: JsoncProblem[] = []
    const { body } = parse(blanked.json, { mode: 'json', allowTrailingCommas: true })
    return { type: 'parsed', root: locate(body, [], repeated), repeated }
  } catch (error) {
    return syntaxError(blanked.json, error)
  }
}

/** The plain value of a located one. */
export function toPlain({ node }: LocatedValue): unknown {
  switch (node.type) {
    case 'object':
      // Unlike an assignment, this creates a property even for the key "__proto__".
      return Object.fromEntries([...node.members].map(([key, member]) => [key, toPlain(member)]))
    case 'array':
      return node.elements.map(toPlain)
    case 'scalar':
      return node.value
  }
}

/** Finds the value at a path of keys and indices. */
export function findValue(
  root: LocatedValue,
  path: readonly unknown[],
): LocatedValue | LocatedMember | undefined {
  let found: LocatedValue | undefined = root
  for (const part of path) found = found && childOf(found, part)
  return found
}

function childOf({ node }: LocatedValue, part: unknown): LocatedValue | undefined {
  switch (node.type) {
    case 'object':
      return node.members.get(String(part))
    case 'array':
      return node.elements[Number(part)]
    case 'scalar':
      return undefined
  }
}

function locate(
  node: ValueNode,
  path: readonly string[],
  repeated: JsoncProblem[],
): LocatedValue {
  const position = positionOf(node)
  const range = [node.loc.start.offset, node.loc.end.offset] as const
  switch (node.type) {
    case 'Object':
      return { position, range, node: { type: 'object', members: membersOf(node, path, repeated) } }
    case 'Array': {
      const elements = node.elements.map(({ value }, index) =>
        locate(value, [...path, String(index)], repeated)
      )
      return { position, range, node: { type: 'array', elements } }
    }
    case 'String':
    case 'Number':
    case 'Boolean':
      return { position, range, node: { type: 'scalar', value: node.value } }
    case 'Null':
    case 'NaN':
    case 'Infinity':
      // Only JSON5 has the last two.
      return { position, range, node: { type: 'scalar', value: null } }
  }
}

function membersOf(
  { members }: Extract<ValueNode, { type: 'Object' }>,
  path: readonly string[],
  repeated: JsoncProblem[],
): ReadonlyMap<string, LocatedMember> {
  const found = new Map<string, LocatedMember>()
  for (const { name, value } of members) {
    // Only JSON5 has identifiers as keys.
    const key = name.type === 'String' ? name.value : name.name
    const keyPosition = positionOf(name)
    const first = found.get(key)
    if (first) {
      const message = `repeats the key of line ${first.keyPosition.line}`
      repeated.push({ position: keyPosition, path: [...path, key], message })
    }
    found.set(key, { ...locate(value, [...path, key], repeated), keyPosition })
  }
  return found
}

function positionOf({ loc: { start: { line, column } } }: AnyNode): Position {
  return { line, column }
}

/**
 * Momoa reports an early end at the last token. With an invalid character at the end it reports the
 * end instead, and every other error where it was.
 */
function syntaxError(json: string, error: unknown): JsoncResult {
  const offset = offsetOf(errorOf(() => parse(`${json}\0`, { allowTrailingCommas: true })) ?? error)
  if (offset === undefined) throw error
  return offset < json.length
    ? invalid(json, offset, describeUnexpected(json.charAt(offset)))
    : invalid(json, json.trimEnd().length, 'the end is missing, such as a bracket')
}

function errorOf(run: () => void): unknown {
  try {
    run()
    return undefined
  } catch (error) {
    return error
  }
}

function offsetOf(error: unknown): number | undefined {
  const isLocated = error instanceof Error && 'offset' in error && typeof error.offset === 'number'
  return isLocated ? Number(error.offset) : undefined
}

function describeUnexpected(character: string): string {
  if (/[{}[\],:]/.test(character)) return `unexpected "${character}"`
  if (character === '"') return 'unexpected string, such as after a missing comma'
  if (character === '\\') return 'invalid escape sequence'
  return /[-\d]/.test(character)
    ? 'unexpected number'
    : 'unexpected text; keys and strings need double quotes'
}

function invalid(text: string, offset: number, message: string): JsoncResult {
  const lines = text.slice(0, offset).split(/\r\n|\r|\n/)
  const position = { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 }
  return {
    type: 'invalid',
    problem: { position, path: [], message: `invalid JSON: ${message}` },
  }
}
