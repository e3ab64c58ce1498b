import { causeOf } from '../../causes/cause.ts'
import { ApiError } from '../../errors.ts'

/** Why a private key cannot be used. */
export type KeyErrorReason =
  | 'no_pem'
  | 'truncated'
  | 'bad_der'
  | 'public_key'
  | 'not_rsa'
  | 'unsupported_pem'
  | 'unsupported_encryption'
  | 'passphrase_missing'
  | 'bad_passphrase'
  | 'pbkdf2_iterations'
  | 'key_derivation_limit'

/** Commands that produce a usable key, for the ends of messages. */
export const COMMAND = {
  encrypt: 'openssl pkcs8 -topk8 -v2 aes-256-cbc -in old.pem -out new.pem',
  decrypt: 'openssl pkcs8 -topk8 -nocrypt -in old.pem -out new.pem',
  generate: 'openssl genrsa -out oci_api_key.pem 2048',
  fromOpenSsh: causeOf('key_openssh', { place: '', quoted: 'key.pem' }).fix,
}

/** The error for a private key. The message must not contain any part of the key. */
export function keyError(reason: KeyErrorReason, message: string, cause?: unknown): ApiError {
  return new ApiError('configuration_error', message, { reason, cause })
}

/** The error for a passphrase that does not decrypt the key. */
export function badPassphrase(cause: unknown): Error {
  return keyError('bad_passphrase', 'Cannot decrypt the private key: wrong passphrase', cause)
}

/** The error for an encryption algorithm that Web Crypto does not support. */
export function unsupportedEncryption(name: string): Error {
  // OpenSSL 3 has moved single DES into its legacy provider (tried with 3.0.19).
  const extra = /(^| )DES-CBC$/.test(name) ? ' -provider legacy -provider default' : ''
  const state =
    `its encryption "${name}" is not supported. Convert it with: ${COMMAND.encrypt}${extra}`
  return keyError('unsupported_encryption', `Cannot decrypt the private key: ${state}`)
}
