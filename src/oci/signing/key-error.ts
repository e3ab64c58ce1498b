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

/** What to type to get a key that works, at the end of a message. */
export const COMMAND = {
  encrypt: 'openssl pkcs8 -topk8 -v2 aes-256-cbc -in old.pem -out new.pem',
  decrypt: 'openssl pkcs8 -topk8 -nocrypt -in old.pem -out new.pem',
  generate: 'openssl genrsa -out oci_api_key.pem 2048',
  fromOpenSsh: 'ssh-keygen -p -N "" -m pkcs8 -f key.pem',
}

/** The error for a private key; the message never holds any of the key. */
export function keyError(reason: KeyErrorReason, message: string, cause?: unknown): ApiError {
  return new ApiError('configuration_error', message, { reason, cause })
}
