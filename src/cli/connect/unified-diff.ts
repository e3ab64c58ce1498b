import type { Styles } from '../styles.ts'

/** Unchanged lines around a change. */
const CONTEXT = 3
/** Above this product of lines, a changed part is shown as replaced as a whole. */
const MAX_CELLS = 4_000_000

type Line = { kind: 'same' | 'removed' | 'added'; text: string }

/** The changes of a text as a unified diff, empty without changes. */
export function unifiedDiff(path: string, before: string, after: string, styles: Styles): string {
  if (before === after) return ''
  const lines = compare(linesOf(before), linesOf(after))
  const from = before === '' ? '/dev/null' : path
  const head = styles.bold(`--- ${from}\n+++ ${path}`)
  return `${[head, ...hunksOf(lines).map((hunk) => printHunk(lines, hunk, styles))].join('\n')}\n`
}

/** Lines without their breaks; a last line without a break is marked as `diff` marks it. */
function linesOf(text: string): string[] {
  if (text === '') return []
  const lines = text.split('\n')
  const last = lines.pop() ?? ''
  return last === '' ? lines : [...lines, `${last}\n\\ No newline at end of file`]
}

function compare(before: readonly string[], after: readonly string[]): readonly Line[] {
  let start = 0
  while (start < before.length && before[start] === after[start]) start++
  let end = 0
  const shortest = Math.min(before.length, after.length) - start
  while (end < shortest && before.at(-1 - end) === after.at(-1 - end)) end++
  const same = (text: string): Line => ({ kind: 'same', text })
  return [
    ...before.slice(0, start).map(same),
    ...compareMiddle(
      before.slice(start, before.length - end),
      after.slice(start, after.length - end),
    ),
    ...before.slice(before.length - end).map(same),
  ]
}

/** Finds the longest common subsequence of lines. */
function compareMiddle(before: readonly string[], after: readonly string[]): Line[] {
  const [rows, columns] = [before.length, after.length]
  const isLarge = rows * columns > MAX_CELLS
  const lengths = Array.from({ length: rows + 1 }, () => new Uint32Array(isLarge ? 0 : columns + 1))
  for (let row = rows - 1; row >= 0 && !isLarge; row--) {
    for (let column = columns - 1; column >= 0; column--) {
      lengths[row]![column] = before[row] === after[column]
        ? lengths[row + 1]![column + 1]! + 1
        : Math.max(lengths[row + 1]![column]!, lengths[row]![column + 1]!)
    }
  }
  const lines: Line[] = []
  let [row, column] = [0, 0]
  while (row < rows || column < columns) {
    const isSame = !isLarge && row < rows && column < columns && before[row] === after[column]
    const isRemoved = row < rows &&
      (isLarge || column >= columns || lengths[row + 1]![column]! >= lengths[row]![column + 1]!)
    if (isSame) lines.push({ kind: 'same', text: before[row]! })
    else if (isRemoved) lines.push({ kind: 'removed', text: before[row]! })
    else lines.push({ kind: 'added', text: after[column]! })
    if (isSame || isRemoved) row++
    if (isSame || !isRemoved) column++
  }
  return lines
}

/** The first line of each part that is shown, and the line after it. */
function hunksOf(lines: readonly Line[]): [start: number, end: number][] {
  const hunks: [number, number][] = []
  for (const [at, { kind }] of lines.entries()) {
    if (kind === 'same') continue
    const last = hunks.at(-1)
    const end = Math.min(lines.length, at + CONTEXT + 1)
    if (last && at - CONTEXT <= last[1]) last[1] = end
    else hunks.push([Math.max(0, at - CONTEXT), end])
  }
  return hunks
}

const SIGNS: Readonly<Record<Line['kind'], string>> = { same: ' ', removed: '-', added: '+' }

function printHunk(
  lines: readonly Line[],
  [start, end]: readonly [number, number],
  { cyan, red, green }: Styles,
): string {
  const count = (from: number, to: number, other: Line['kind']) =>
    lines.slice(from, to).filter(({ kind }) => kind !== other).length
  const place = (other: Line['kind']) => {
    const length = count(start, end, other)
    return `${count(0, start, other) + (length > 0 ? 1 : 0)},${length}`
  }
  const shown = lines.slice(start, end).map(({ kind, text }) => {
    const line = SIGNS[kind] + text.replaceAll('\r', '')
    return kind === 'same' ? line : kind === 'added' ? green(line) : red(line)
  })
  return [cyan(`@@ -${place('added')} +${place('removed')} @@`), ...shown].join('\n')
}
