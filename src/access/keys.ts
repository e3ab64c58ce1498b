/** Whether a key that a client sent is one of those that were given out. */
export type KeyCheck = (presented: string) => Promise<boolean>

/**
 * Makes the check. Digests are compared, all of them and all of their bytes each time, so that
 * neither a key's length nor a common beginning shows in the time it takes.
 */
export async function createKeyCheck(keys: readonly string[]): Promise<KeyCheck> {
  const digests = await Promise.all(keys.map(digest))
  return async (presented) => {
    const given = await digest(presented)
    return digests.map((known) => differences(known, given)).some((count) => count === 0)
  }
}

const encoder = new TextEncoder()

async function digest(key: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', encoder.encode(key)))
}

function differences(one: Uint8Array, other: Uint8Array): number {
  return one.reduce((bits, byte, index) => bits | (byte ^ (other[index] ?? 0)), 0)
}
