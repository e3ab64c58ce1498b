import { isDeepStrictEqual } from 'node:util'
import type { FileFormat } from '../../clients/client.ts'
import type { SettingTree } from '../../clients/setting.ts'
import { type Edit, type Format, UnreadableText } from './format.ts'
import { plainTree, planEdits, withEdits } from './plan-edits.ts'

const BOM = '\uFEFF'

/**
 * Merges settings into the text of a file. Comments, order, formatting and line endings of
 * everything else stay. Returns the same text if the file has the settings already.
 * @param text the file, `undefined` for a new one
 * @throws UnreadableText, UnsupportedEdit
 */
export async function mergeSettings(
  text: string | undefined,
  fileFormat: FileFormat,
  tree: SettingTree,
): Promise<string> {
  const format = await loadFormat(fileFormat)
  const mark = text?.startsWith(BOM) ? BOM : ''
  const body = (text ?? '').slice(mark.length)
  const lineBreak = /\r?\n/.exec(body)?.[0] ?? '\n'
  if (body.trim() === '') return mark + withLineBreaks(format.create(plainTree(tree)), lineBreak)
  try {
    return mark + merge(body, format, tree, lineBreak)
  } catch (error) {
    // How many levels a parser reads differs from run to run; what it reads may overflow later.
    if (!(error instanceof Error && isStackOverflow(error))) throw error
    throw new UnreadableText('it has too many levels')
  }
}

function merge(body: string, format: Format, tree: SettingTree, lineBreak: string): string {
  const current = read(format, body)
  const edits = planEdits(current, tree, format)
  const merged = edits.reduce((before, edit) => applyEdit(format, before, edit, lineBreak), body)
  checkResult(read(format, merged), withEdits(current, edits))
  return merged
}

/** Reads a text. Parsers have errors of their own, such as for an alias that does not exist. */
function read(format: Format, text: string): unknown {
  try {
    return format.read(text)
  } catch (error) {
    if (!(error instanceof Error) || error instanceof UnreadableText) throw error
    throw new UnreadableText(error.message)
  }
}

async function loadFormat(format: FileFormat): Promise<Format> {
  switch (format) {
    case 'json':
    case 'jsonc':
    case 'json5':
      return (await import('./json.ts')).jsonFormat(format)
    case 'toml':
      return (await import('./toml.ts')).TOML
    case 'yaml':
      return (await import('./yaml.ts')).YAML
  }
}

/** Whether a recursive parser ran out of stack. Some report it as an error of the syntax. */
function isStackOverflow({ message }: Error): boolean {
  return /call stack size|too much recursion/.test(message)
}

/** A safeguard: the result is read again, so that no file is written that means something else. */
function checkResult(actual: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(actual, expected)) {
    throw new UnreadableText('the settings cannot be added without changing others')
  }
}

function applyEdit(format: Format, text: string, edit: Edit, lineBreak: string): string {
  const splices = [...format.apply(text, edit)]
  // From the end, so that the positions of the others stay valid.
  return splices.sort((one, other) => other.range[0] - one.range[0]).reduce(
    (before, { range: [start, end], by }) =>
      before.slice(0, start) + withLineBreaks(by, lineBreak) + before.slice(end),
    text,
  )
}

function withLineBreaks(text: string, lineBreak: string): string {
  return text.replaceAll('\n', lineBreak)
}
