import type { LocatedValue } from '../../config/jsonc.ts'
import { blankComments } from '../../config/blank-comments.ts'
import { parseJsonc, toPlain } from '../../config/jsonc.ts'
import { VERSION } from '../../version.ts'

/** A key of the configuration file with its value and the comment above a new one. */
export interface ConfigMember {
  key: string
  value: unknown
  comment: string
}

/** The JSON Schema of this version in the published package, for editors. */
const SCHEMA_URL = `https://unpkg.com/oci-genai-gateway@${VERSION}/docs/config.schema.json`

const NEW_FILE =
  `// The configuration of oci-genai-gateway, written by "oci-gateway init". Run it again to
// change these values. Environment variables and flags take precedence over this file.
{
  "$schema": ${JSON.stringify(SCHEMA_URL)}
}
`

/**
 * Sets keys of a configuration file and keeps everything else, including comments. Without a valid
 * file, it starts with a new one.
 */
export function editConfig(text: string | undefined, members: readonly ConfigMember[]): string {
  const before = text?.replace(/^\ufeff/, '') ?? NEW_FILE
  const edited = members.reduce<string | undefined>(setMember, before)
  return edited ?? editConfig(undefined, members)
}

function setMember(text: string | undefined, member: ConfigMember): string | undefined {
  const parsed = text === undefined ? undefined : parseJsonc(text)
  if (text === undefined || parsed?.type !== 'parsed') return undefined
  const { root } = parsed
  if (root.node.type !== 'object') return undefined
  const existing = root.node.members.get(member.key)
  if (existing === undefined) return insertMember(text, root, member)
  const isSame = JSON.stringify(toPlain(existing)) === JSON.stringify(member.value)
  if (isSame) return text
  const value = formatValue(member.value).replaceAll('\n', lineBreakOf(text))
  return replace(text, existing.range, value)
}

/** Inserts a member at the end, behind the comments there. A trailing comma stays one. */
function insertMember(
  text: string,
  { node, range: [start, end] }: LocatedValue,
  { key, value, comment }: ConfigMember,
): string {
  const last = node.type === 'object' ? [...node.members.values()].at(-1) : undefined
  const lines = `\n\n  // ${comment}\n  ${JSON.stringify(key)}: ${formatValue(value)}`
    .replaceAll('\n', lineBreakOf(text))
  if (!last) return replace(text, [start + 1, start + 1], `${lines}${lineBreakOf(text)}`)
  const [, lastEnd] = last.range
  const rest = text.slice(lastEnd, end - 1)
  const hasComma = withoutComments(rest).includes(',')
  const at = lastEnd + rest.trimEnd().length
  const added = replace(text, [at, at], `${lines}${hasComma ? ',' : ''}`)
  return hasComma ? added : replace(added, [lastEnd, lastEnd], ',')
}

function withoutComments(text: string): string {
  const blanked = blankComments(text)
  return blanked.type === 'blanked' ? blanked.json : text
}

/** That of the first line. */
function lineBreakOf(text: string): string {
  return /\r?\n/.exec(text)?.[0] ?? '\n'
}

function replace(text: string, [start, end]: readonly [number, number], by: string): string {
  return `${text.slice(0, start)}${by}${text.slice(end)}`
}

/** Characters of a value in one line. */
const MAX_INLINE = 70

function formatValue(value: unknown): string {
  const lines = JSON.stringify(value, null, 2)
  // Line breaks inside strings are escaped.
  const inline = lines.replace(/\n\s*/g, ' ').replace(/\[ /g, '[').replace(/ \]/g, ']')
  return inline.length <= MAX_INLINE ? inline : lines.replaceAll('\n', '\n  ')
}
