import { ApiError } from '../../errors.ts'
import type { Bytes } from './bytes.ts'
import { decryptPem, decryptPkcs8 } from './decrypt-key.ts'
import { badPassphrase, COMMAND, keyError } from './key-error.ts'
import { decodePem, type PemBlock, readPem } from './pem.ts'
import { fingerprintOf, notRsa, publicKeyOf, unwrapPkcs8, wrapPkcs1 } from './rsa-key.ts'

/** An imported private key and its public data. */
export interface PrivateKey {
  /** RSASSA-PKCS1-v1_5 with SHA-256, for signing only; it cannot be exported. */
  key: CryptoKey
  /** OCI's fingerprint of the public key: `73:61:a2:…`. */
  fingerprint: string
  /** The public key as SubjectPublicKeyInfo in DER. */
  publicKeySpki: Bytes
}

const RSA = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }

/**
 * Imports an RSA private key from PEM text: PKCS#1 or PKCS#8, encrypted or not. The passphrase is
 * used only if the key is encrypted. The decoded bytes are wiped in all cases. Throws a
 * `configuration_error` with a `KeyErrorReason`.
 */
export async function importPrivateKey(text: string, passphrase?: string): Promise<PrivateKey> {
  const block = readPem(text)
  checkLabel(block.label)
  const encrypted = isEncrypted(block)
  const der = encrypted ? await decrypt(block, passphrase) : decodePem(block)
  try {
    return await importRsa(block.label.startsWith('RSA') ? der : unwrapPkcs8(der))
  } catch (error) {
    throw explain(error, encrypted)
  } finally {
    der.fill(0)
  }
}

function checkLabel(label: string): void {
  if (/^(RSA |ENCRYPTED |)PRIVATE KEY$/.test(label)) return
  if (label.endsWith('PUBLIC KEY')) {
    const state = `it is a public key ("${label}"). Use the private key that belongs to it`
    throw keyError('public_key', `Cannot use the private key: ${state}`)
  }
  const otherKind = /^(EC|DSA) P/.exec(label)?.[1]
  if (otherKind !== undefined) throw notRsa(otherKind === 'EC' ? 'an EC' : 'a DSA')
  const state = label === 'OPENSSH PRIVATE KEY'
    ? `it is in OpenSSH format. Convert it with: ${COMMAND.fromOpenSsh}`
    : `its PEM label is "${label}"`
  throw keyError('unsupported_pem', `Cannot use the private key: ${state}`)
}

function isEncrypted({ label, headers }: PemBlock): boolean {
  return label === 'ENCRYPTED PRIVATE KEY' || headers.has('DEK-Info')
}

function decrypt(block: PemBlock, passphrase: string | undefined): Promise<Bytes> {
  return block.headers.has('DEK-Info')
    ? decryptPem(block, passphrase)
    : decryptPkcs8(decodePem(block), passphrase)
}

async function importRsa(pkcs1: Bytes): Promise<PrivateKey> {
  const publicKeySpki = publicKeyOf(pkcs1)
  const pkcs8 = wrapPkcs1(pkcs1)
  try {
    const key = await crypto.subtle.importKey('pkcs8', pkcs8, RSA, false, ['sign'])
    return { key, fingerprint: fingerprintOf(publicKeySpki), publicKeySpki }
  } finally {
    pkcs8.fill(0)
  }
}

/** One wrong passphrase in 256 leaves valid padding: then only damaged content reveals it. */
function explain(error: unknown, encrypted: boolean): unknown {
  if (error instanceof ApiError && error.reason !== 'bad_der') return error
  if (encrypted) return badPassphrase(error)
  return keyError('bad_der', 'Cannot read the private key: its data is damaged', error)
}
