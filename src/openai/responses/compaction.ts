import { asObject, asText } from '../loose-json.ts'

/** Marks the gateway's own encoding in `encrypted_content`, and its version. */
const PREFIX = 'gw1.'

/** Encodes the summary of a conversation as the `encrypted_content` of a compaction item. */
export function encodeSummary(summary: string): string {
  const bytes = new TextEncoder().encode(JSON.stringify({ summary }))
  // One character at a time: the arguments of a function call are limited in number.
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return PREFIX + btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** Whether the gateway wrote this `encrypted_content`. */
export function isOwnSummary(content: unknown): content is string {
  return typeof content === 'string' && content.startsWith(PREFIX)
}

/** Decodes the summary; `undefined` if another service wrote the content or it is damaged. */
export function decodeSummary(content: unknown): string | undefined {
  if (!isOwnSummary(content)) return undefined
  const base64 = content.slice(PREFIX.length).replaceAll('-', '+').replaceAll('_', '/')
  try {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
    const parsed: unknown = JSON.parse(new TextDecoder().decode(bytes))
    return asText(asObject(parsed)?.['summary']) || undefined
  } catch {
    return undefined
  }
}
