import { pathToFileURL } from 'node:url'
import type { Checked } from './checked.ts'

/** TypeScript source that declares each value with its type, and the origin of each line. */
export interface WrittenModule {
  source: string
  /** By line number, from 0. */
  lines: readonly Line[]
}

/** The origin of a line of source. */
export interface Line {
  checked: Checked | undefined
  /** The member of the value, such as `choices[0].message`. */
  path: string
}

/**
 * Writes a literal of each value with its type, one member on each line. The compiler reports unknown
 * members of literals, which it accepts in other expressions.
 * @param published the file that declares the types
 */
export function writeModule(values: readonly Checked[], published: string): WrittenModule {
  const source = [`import type { Published } from ${JSON.stringify(published)}`]
  const lines: Line[] = [{ checked: undefined, path: '' }]
  for (const [index, checked] of values.entries()) {
    const declaration = `export const value${index}: Published['${checked.type}'] =`
    for (const { text, path } of linesOf(checked.value, '', declaration)) {
      source.push(text)
      lines.push({ checked, path })
    }
  }
  return { source: `${source.join('\n')}\n`, lines }
}

/** Returns the file as an import specifier. */
export function specifierOf(path: string): string {
  return decodeURIComponent(pathToFileURL(path).pathname)
}

interface SourceLine {
  text: string
  path: string
}

/** Writes a value after `before`, which is on its first line. */
function* linesOf(value: unknown, path: string, before: string): Generator<SourceLine> {
  if (typeof value !== 'object' || value === null) {
    yield { text: `${before} ${JSON.stringify(value)},`.replace(/^(export .*),$/, '$1'), path }
    return
  }
  const isList = Array.isArray(value)
  yield { text: `${before} ${isList ? '[' : '{'}`, path }
  for (const [key, member] of Object.entries(value)) {
    const inner = isList ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`
    yield* linesOf(member, inner, isList ? '' : `${JSON.stringify(key)}:`)
  }
  yield { text: `${isList ? ']' : '}'}${before.startsWith('export') ? '' : ','}`, path }
}
