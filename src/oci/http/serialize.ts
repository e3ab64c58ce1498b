const encoder = new TextEncoder()

/** JSON.stringify writes half of a surrogate pair as an escape, which strict readers refuse. */
const LONE_SURROGATE = /\\ud[89a-f]/i

/**
 * The bytes of a JSON body: made once, then signed and sent as they are. Half a surrogate pair
 * becomes U+FFFD.
 */
export function serialize(value: unknown): Uint8Array<ArrayBuffer> {
  const text = JSON.stringify(value)
  return encoder.encode(LONE_SURROGATE.test(text) ? JSON.stringify(value, wellFormed) : text)
}

function wellFormed(_key: string, value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed()
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key.toWellFormed(), inner]),
  )
}
