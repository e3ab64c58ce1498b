import stringWidth from 'fast-string-width'
import type { TextOutput } from './host.ts'
import { stylesFor } from './styles.ts'

/** A column of a table. */
export interface Column {
  title: string
  /** Numbers are aligned on the right. Default: left. */
  align?: 'left' | 'right'
  /** The columns of the terminal that its cells need at least. Default: 10, or less content. */
  minWidth?: number
  /**
   * On a terminal that is too narrow for all columns, those with the largest number are left out
   * first. Columns without a number always stay.
   */
  omitOrder?: number
}

/** Cells are text without line breaks. They may have ANSI styles for the same output. */
export type Row = readonly string[]

export interface TextTable {
  /** Lines with a line break at the end of each. */
  text: string
  /** Titles of the columns that the terminal is too narrow for. Empty where it is not a terminal. */
  omitted: readonly string[]
}

interface Fitted {
  column: Column
  /** The column's position in the rows. */
  index: number
  width: number
}

const GAP = '  '
const ELLIPSIS = '…'
const DEFAULT_MIN_WIDTH = 10

/** Lays out a table. Only on a terminal, long cells are cut and columns left out until it fits. */
export function textTable(
  columns: readonly Column[],
  rows: readonly Row[],
  output: TextOutput,
): TextTable {
  const natural = columns.map((column, index) => ({
    ...{ column, index },
    width: Math.max(...[column.title, ...rows.map((row) => row[index] ?? '')].map(cellWidth)),
  }))
  const kept = output.isTerminal ? fit(natural, output.columns) : natural
  const { dim } = stylesFor(output)
  const lines = [
    dim(layOut(kept, columns.map(({ title }) => title))),
    ...rows.map((row) => layOut(kept, row)),
  ]
  return {
    text: lines.map((line) => `${line}\n`).join(''),
    omitted: natural.filter(({ index }) => !kept.some((other) => other.index === index))
      .map(({ column }) => column.title),
  }
}

/** The columns of the terminal that a text takes: 2 for most East Asian characters and emoji. */
export function textWidth(text: string): number {
  return stringWidth(text)
}

/** Shortens a text to a number of terminal columns. The end of a cut text is "…". */
export function cutText(text: string, width: number): string {
  if (stringWidth(text) <= width) return text
  let kept = ''
  let used = 0
  for (const piece of pieces(text)) {
    const next = used + stringWidth(piece)
    if (next > width - 1) break
    kept += piece
    used = next
  }
  const end = text.includes(ESCAPE) ? `${ELLIPSIS}${ESCAPE}[0m` : ELLIPSIS
  return `${kept}${width > 0 ? end : ''}`
}

/** Leaves columns out until their minimum fits, then takes space from the widest columns. */
function fit(columns: readonly Fitted[], available: number): readonly Fitted[] {
  const minimum = sum(columns.map(minWidth)) + gaps(columns)
  const [first] = columns.filter(({ column }) => column.omitOrder !== undefined)
    .sort((a, b) => (b.column.omitOrder ?? 0) - (a.column.omitOrder ?? 0))
  if (minimum > available && first) {
    return fit(columns.filter((column) => column !== first), available)
  }
  return shrink(columns, available - gaps(columns))
}

/** Makes the widest columns equally narrow, not narrower than their minimum where possible. */
function shrink(columns: readonly Fitted[], available: number): readonly Fitted[] {
  const widths = columns.map(({ width }) => width)
  const limits = columns.map(minWidth)
  for (let excess = sum(widths) - available; excess > 0; excess--) {
    const shrinkable = widths.filter((width, index) => width > limits[index]!)
    const widest = Math.max(...(shrinkable.length > 0 ? shrinkable : widths))
    if (widest <= 1) break
    const index = widths.findIndex((width, at) =>
      width === widest && (shrinkable.length === 0 || width > limits[at]!)
    )
    widths[index] = widest - 1
  }
  return columns.map((column, index) => ({ ...column, width: widths[index]! }))
}

function minWidth({ column, width }: Fitted): number {
  return Math.min(width, column.minWidth ?? DEFAULT_MIN_WIDTH)
}

function gaps(columns: readonly unknown[]): number {
  return GAP.length * Math.max(0, columns.length - 1)
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

function layOut(columns: readonly Fitted[], row: Row): string {
  const cells = columns.map(({ column, index, width }) => {
    const cell = cutText(oneLine(row[index] ?? ''), width)
    const space = ' '.repeat(Math.max(0, width - stringWidth(cell)))
    return column.align === 'right' ? `${space}${cell}` : `${cell}${space}`
  })
  return cells.join(GAP).trimEnd()
}

function cellWidth(cell: string): number {
  return stringWidth(oneLine(cell))
}

function oneLine(cell: string): string {
  return cell.replace(/[\r\n\t]+/g, ' ')
}

const segmenter = new Intl.Segmenter()
const ESCAPE = '\x1b'
/** Select Graphic Rendition: an escape character, parameters and `m`. */
const STYLE = /(\p{Cc}\[[0-9;]*m)/u

/** ANSI styles and characters as users perceive them: an emoji of several code points is one. */
function pieces(text: string): string[] {
  return text.split(STYLE).flatMap((part, index) =>
    index % 2 === 1 ? [part] : Array.from(segmenter.segment(part), ({ segment }) => segment)
  )
}
