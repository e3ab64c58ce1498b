import type { EncodeText } from '../../platform.ts'
import type { Steps } from '../../steps.ts'
import { encodeUtf8 } from '../signing/bytes.ts'

/** `JSON.stringify` escapes a lone surrogate, which strict parsers reject. */
const LONE_SURROGATE = /\\ud[89a-f]/

/**
 * Serializes a JSON body to the bytes that are signed and sent. Lone surrogates become U+FFFD.
 */
export function* serialize(
  value: unknown,
  encodeText: EncodeText = encodeUtf8,
): Steps<Uint8Array<ArrayBuffer>> {
  const text = JSON.stringify(value)
  yield
  const isWellFormed = !LONE_SURROGATE.test(text)
  yield
  return encodeText(isWellFormed ? text : JSON.stringify(value, wellFormed))
}

function wellFormed(_key: string, value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed()
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key.toWellFormed(), inner]),
  )
}
