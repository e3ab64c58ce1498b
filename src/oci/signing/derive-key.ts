import { md5 } from '@noble/hashes/legacy.js'
import { scrypt } from '@noble/hashes/scrypt.js'
import { type Bytes, concatBytes } from './bytes.ts'
import { childrenOf, contentOf, type DerElement, numberOf, objectIdOf, TAG } from './der.ts'
import { COMMAND, keyError, unsupportedEncryption } from './key-error.ts'

/** Derives a key of `length` bytes. */
type Derivation = (
  parameters: DerElement[],
  length: number,
  passphrase: string | undefined,
) => Promise<Bytes> | Bytes

const DERIVATIONS = new Map<string, Derivation>([
  ['1.2.840.113549.1.5.12', derivePbkdf2],
  ['1.3.6.1.4.1.11591.4.11', deriveScrypt],
])

const HASHES = new Map([
  ['1.2.840.113549.2.7', 'SHA-1'],
  ['1.2.840.113549.2.9', 'SHA-256'],
  ['1.2.840.113549.2.10', 'SHA-384'],
  ['1.2.840.113549.2.11', 'SHA-512'],
])

/** Deployed Workers refuse more (cloudflare/workerd#1346); the local runtime does not. */
const WORKERS_ITERATIONS = 100_000

/** Takes about ten seconds; OpenSSL writes 2,048, OWASP recommends 600,000. */
const MAX_ITERATIONS = 10_000_000

/** Bytes. OpenSSL's default parameters need 16 MiB in one pass. */
const MAX_SCRYPT_MEMORY = 256 * 1024 * 1024
const MAX_SCRYPT_PASSES = 16

/** Derives an AES key of `length` bytes as PBES2 describes it: with PBKDF2 or scrypt. */
export async function derivePbes2Key(
  derivation: DerElement | undefined,
  length: number,
  passphrase: string | undefined,
): Promise<Bytes> {
  const [name, parameters] = childrenOf(derivation)
  const id = objectIdOf(name)
  const derive = DERIVATIONS.get(id)
  if (derive === undefined) throw unsupportedEncryption(id)
  return await derive(childrenOf(parameters), length, passphrase)
}

/** OpenSSL's EVP_BytesToKey with MD5 and one round: each digest includes the previous one. */
export function deriveOpenSslKey(
  passphrase: string | undefined,
  salt: Bytes,
  length: number,
): Bytes {
  const secret = passphraseBytes(passphrase)
  try {
    const first = md5(concatBytes(secret, salt))
    const second = md5(concatBytes(first, secret, salt))
    return concatBytes(first, second).slice(0, length)
  } finally {
    secret.fill(0)
  }
}

async function derivePbkdf2(
  [salt, iterations, ...others]: DerElement[],
  length: number,
  passphrase: string | undefined,
): Promise<Bytes> {
  const algorithm = {
    name: 'PBKDF2',
    hash: hashOf(others.find((element) => element.tag === TAG.sequence)),
    salt: contentOf(salt, TAG.octetString),
    iterations: numberOf(iterations),
  }
  if (algorithm.iterations > MAX_ITERATIONS) {
    throw overLimit(
      `${algorithm.iterations} PBKDF2 iterations, but at most ${MAX_ITERATIONS} are allowed`,
    )
  }
  const secret = passphraseBytes(passphrase)
  try {
    const base = await crypto.subtle.importKey('raw', secret, 'PBKDF2', false, ['deriveBits'])
    return await deriveBits(algorithm, base, length * 8)
  } finally {
    secret.fill(0)
  }
}

function hashOf(prf: DerElement | undefined): string {
  // RFC 8018, appendix A.2: the default is SHA-1.
  if (prf === undefined) return 'SHA-1'
  const id = objectIdOf(childrenOf(prf)[0])
  const hash = HASHES.get(id)
  if (hash === undefined) throw unsupportedEncryption(`PBKDF2 with ${id}`)
  return hash
}

async function deriveBits(algorithm: Pbkdf2Params, base: CryptoKey, bits: number): Promise<Bytes> {
  try {
    return new Uint8Array(await crypto.subtle.deriveBits(algorithm, base, bits))
  } catch (error) {
    if (algorithm.iterations <= WORKERS_ITERATIONS) throw badParameters(error)
    const state = `this runtime refuses ${algorithm.iterations} PBKDF2 iterations. ` +
      `Decrypt the key and store it as a secret: ${COMMAND.decrypt}`
    throw keyError('pbkdf2_iterations', `Cannot decrypt the private key: ${state}`, error)
  }
}

function deriveScrypt(
  [salt, cost, blockSize, parallelism]: DerElement[],
  length: number,
  passphrase: string | undefined,
): Bytes {
  const options = {
    N: numberOf(cost),
    r: numberOf(blockSize),
    p: numberOf(parallelism),
    dkLen: length,
  }
  checkScrypt(options)
  const saltBytes = contentOf(salt, TAG.octetString)
  const secret = passphraseBytes(passphrase)
  try {
    return scrypt(secret, saltBytes, options)
  } catch (error) {
    throw badParameters(error)
  } finally {
    secret.fill(0)
  }
}

function checkScrypt({ N, r, p }: { N: number; r: number; p: number }): void {
  const memory = 128 * r * (N + p)
  if (memory > MAX_SCRYPT_MEMORY) {
    const mebibytes = (bytes: number) => Math.ceil(bytes / 1024 / 1024)
    const max = mebibytes(MAX_SCRYPT_MEMORY)
    throw overLimit(
      `${mebibytes(memory)} MiB of memory for scrypt, but at most ${max} MiB are allowed`,
    )
  }
  if (p > MAX_SCRYPT_PASSES) {
    throw overLimit(`${p} scrypt passes, but at most ${MAX_SCRYPT_PASSES} are allowed`)
  }
}

/** Encodes the passphrase, which is required here. The caller wipes the bytes after use. */
function passphraseBytes(passphrase: string | undefined): Bytes {
  if (passphrase) return new TextEncoder().encode(passphrase)
  const state = 'it is encrypted and no passphrase is set. Set "pass_phrase" in the profile or ' +
    `OCI_CLI_PASSPHRASE, or decrypt the key with: ${COMMAND.decrypt}`
  throw keyError('passphrase_missing', `Cannot decrypt the private key: ${state}`)
}

/** `needs` completes "it needs …". Without limits a damaged or hostile file would block startup. */
function overLimit(needs: string): Error {
  const state = `it needs ${needs}. Encrypt it again with: ${COMMAND.encrypt}`
  return keyError('key_derivation_limit', `Cannot decrypt the private key: ${state}`)
}

function badParameters(cause: unknown): Error {
  const state = 'the parameters of its encryption are out of range'
  return keyError('bad_der', `Cannot decrypt the private key: ${state}`, cause)
}
