import type { LocatedValue } from '../../config/jsonc.ts'
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

/** Inserts a member behind the last one. A comma behind that one is then behind the new one. */
function insertMember(
  text: string,
  { node, range: [start] }: LocatedValue,
  { key, value, comment }: ConfigMember,
): string {
  const last = node.type === 'object' ? [...node.members.values()].at(-1) : undefined
  const lines = `\n\n  // ${comment}\n  ${JSON.stringify(key)}: ${formatValue(value)}`
    .replaceAll('\n', lineBreakOf(text))
  if (last) return replace(text, [last.range[1], last.range[1]], `,${lines}`)
  return replace(text, [start + 1, start + 1], `${lines}${lineBreakOf(text)}`)
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
