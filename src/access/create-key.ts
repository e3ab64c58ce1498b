const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const PREFIX = 'ogk_'
/** Digits in base 62 for 256 bits. */
const SECRET_LENGTH = 43
/** 95 bits: no two ids are equal, and none reveals its key. */
const ID_LENGTH = 16

const encoder = new TextEncoder()

/** Creates a key of 256 random bits: `ogk_` and 43 letters and digits. */
export function createKeySecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32))
  return PREFIX + toBase62(bytes, SECRET_LENGTH)
}

/** Creates the id of a key: 16 random letters and digits. */
export function createKeyId(): string {
  return toBase62(crypto.getRandomValues(new Uint8Array(16)), ID_LENGTH)
}

/** Whether a text has the form of a stored key, so that other texts cost no look-up. */
export function isStoredKeyText(text: string): boolean {
  return /^ogk_[0-9A-Za-z]{43}$/.test(text)
}

/** The SHA-256 of a key in hexadecimal, which the store has instead of the key. */
export async function hashKey(key: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', encoder.encode(key))
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** The last `length` digits of a number of big-endian bytes. */
function toBase62(bytes: Uint8Array, length: number): string {
  let rest = bytes.reduce((number, byte) => number << 8n | BigInt(byte), 0n)
  let digits = ''
  while (digits.length < length) {
    digits = DIGITS[Number(rest % 62n)] + digits
    rest /= 62n
  }
  return digits
}
