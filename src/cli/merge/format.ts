/** A value of a configuration file without dates and special numbers. */
export type Value = string | number | boolean | readonly Value[] | { readonly [key: string]: Value }

/** The place of a value: names of members and positions of items. */
export type Path = readonly (string | number)[]

/** One change of a file. */
export type Edit =
  /** Sets a member. Its parent exists, or is a table that TOML creates by its header. */
  | { type: 'set'; path: Path; value: Value }
  /** Adds an item at the end of the list at `path`. */
  | { type: 'append'; path: Path; value: Value }

/** A part of a text, given by its start and end, and what replaces it. */
export interface Splice {
  range: readonly [start: number, end: number]
  by: string
}

/** Reads and edits the text of one file format. Edits change nothing else in the text. */
export interface Format {
  /** The value of a text, `undefined` for an empty one. Throws `UnreadableText`. */
  read(text: string): unknown
  /**
   * The changes of the text for one edit, with `\n` as the line break. Throws `UnsupportedEdit` if
   * the syntax of the place does not allow the edit.
   */
  apply(text: string, edit: Edit): readonly Splice[]
  /** The text of a new file. */
  create(value: { readonly [key: string]: Value }): string
  /** Whether an empty value means an empty table or list, as in YAML. */
  isNullEmpty: boolean
}

/** The text is not valid in its format. */
export class UnreadableText extends Error {
  constructor(reason: string, line?: number, column?: number) {
    const place = line === undefined ? '' : ` (line ${line}, column ${column ?? 1})`
    super(`${reason}${place}`)
  }
}

/** The edit does not fit what the file has at that place. */
export class UnsupportedEdit extends Error {
  constructor(path: Path, reason: string) {
    super(path.length === 0 ? `its value ${reason}` : `"${path.join('.')}" ${reason}`)
  }
}

/** Whether a value is an object with members, not a list, a date or null. */
export function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) &&
    !(value instanceof Date)
}

/** The whitespace at the start of the line of a position. */
export function indentationAt(text: string, position: number): string {
  const line = text.slice(lineStart(text, position))
  return /^[ \t]*/.exec(line)?.[0] ?? ''
}

/** The position of the first character of a line. */
export function lineStart(text: string, position: number): number {
  return text.lastIndexOf('\n', position - 1) + 1
}

/** The position after the line of a position, after its line break. */
export function lineEnd(text: string, position: number): number {
  const end = text.indexOf('\n', position)
  return end < 0 ? text.length : end + 1
}

/** Adds a prefix to every line but the first. */
export function indentRest(text: string, prefix: string): string {
  return text.replaceAll('\n', `\n${prefix}`)
}
