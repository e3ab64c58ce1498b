/** Returns the id of a client's key, at once if it is known, or `undefined` for an invalid key. */
export type KeyCheck = (presented: string) => string | undefined | Promise<string | undefined>

/** Hexadecimal digits of a key's id: enough to distinguish keys, too few to recover one. */
const ID_LENGTH = 16

/**
 * Creates the key check. It compares all bytes of all digests each time, so that its duration
 * reveals neither the length of a key nor a common prefix. Valid keys are cached. A key's id is
 * derived from its digest: it is the same in every process and does not reveal the key.
 */
export async function createKeyCheck(keys: readonly string[]): Promise<KeyCheck> {
  const digests = await Promise.all(keys.map(digest))
  const valid = new Map<string, string>()
  const checkDigest = async (presented: string): Promise<string | undefined> => {
    const hash = await digest(presented)
    const isValid = digests.map((each) => differences(each, hash)).some((bits) => bits === 0)
    if (!isValid) return undefined
    const id = hexOf(hash).slice(0, ID_LENGTH)
    valid.set(presented, id)
    return id
  }
  return (presented) => valid.get(presented) ?? checkDigest(presented)
}

const encoder = new TextEncoder()

async function digest(key: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', encoder.encode(key)))
}

function differences(one: Uint8Array, other: Uint8Array): number {
  return one.reduce((bits, byte, index) => bits | (byte ^ (other[index] ?? 0)), 0)
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
