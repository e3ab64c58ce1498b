import type { Bytes } from './bytes.ts'
import { badPassphrase } from './passphrase.ts'

/** An AES-CBC key of 16, 24 or 32 bytes, which are wiped. */
export async function importAesKey(bytes: Bytes): Promise<CryptoKey> {
  try {
    return await crypto.subtle.importKey('raw', bytes, 'AES-CBC', false, ['decrypt'])
  } finally {
    bytes.fill(0)
  }
}

/** The plain bytes. AES-CBC has no checksum: a wrong key mostly shows in the padding, not always. */
export async function decryptAes(key: CryptoKey, iv: Bytes, data: Bytes): Promise<Bytes> {
  try {
    return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-CBC', iv }, key, data))
  } catch (error) {
    throw badPassphrase(error)
  }
}
