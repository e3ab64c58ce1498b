import type { Bytes } from './bytes.ts'
import { COMMAND, keyError } from './key-error.ts'

/** The bytes of the passphrase, which must be there; whoever asks wipes them after use. */
export function passphraseBytes(passphrase: string | undefined): Bytes {
  if (passphrase) return new TextEncoder().encode(passphrase)
  const state = 'it is encrypted and there is no passphrase; set "pass_phrase" in the profile, ' +
    `or OCI_CLI_PASSPHRASE, or decrypt it with: ${COMMAND.decrypt}`
  throw keyError('passphrase_missing', `Cannot decrypt the private key: ${state}`)
}

/** The error for a passphrase that does not open the key. */
export function badPassphrase(cause: unknown): Error {
  return keyError('bad_passphrase', 'Cannot decrypt the private key: wrong passphrase', cause)
}

/** The error for a way of encryption that Web Crypto cannot undo. */
export function unsupportedEncryption(name: string): Error {
  // OpenSSL 3 has moved single DES into its legacy provider (tried with 3.0.19).
  const extra = /(^| )DES-CBC$/.test(name) ? ' -provider legacy -provider default' : ''
  const state =
    `its encryption "${name}" is not supported; convert it with: ${COMMAND.encrypt}${extra}`
  return keyError('unsupported_encryption', `Cannot decrypt the private key: ${state}`)
}
