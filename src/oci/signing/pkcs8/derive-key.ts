import { scrypt } from '@noble/hashes/scrypt.js'
import { importAesKey } from '../aes.ts'
import type { Bytes } from '../bytes.ts'
import { childrenOf, contentOf, type DerElement, numberOf, objectIdOf, TAG } from '../der/read.ts'
import { COMMAND, keyError } from '../key-error.ts'
import { passphraseBytes, unsupportedEncryption } from '../passphrase.ts'

type Derivation = (
  parameters: DerElement[],
  bits: number,
  passphrase: string | undefined,
) => Promise<CryptoKey>

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

/** Deployed Workers refuse more (cloudflare/workerd#1346); the local one does not. */
const WORKERS_ITERATIONS = 100_000

/** Takes about ten seconds; OpenSSL writes 2,048, OWASP advises 600,000. */
const MAX_ITERATIONS = 10_000_000

/** Bytes. OpenSSL's usual parameters take 16 MiB in one pass. */
const MAX_SCRYPT_MEMORY = 256 * 1024 * 1024
const MAX_SCRYPT_PASSES = 16

/** The AES key that a passphrase and the parameters of PBKDF2 or scrypt make. */
export function deriveKey(
  derivation: DerElement | undefined,
  bits: number,
  passphrase: string | undefined,
): Promise<CryptoKey> {
  const [name, parameters] = childrenOf(derivation)
  const id = objectIdOf(name)
  const derive = DERIVATIONS.get(id)
  if (derive === undefined) throw unsupportedEncryption(id)
  return derive(childrenOf(parameters), bits, passphrase)
}

async function derivePbkdf2(
  [salt, iterations, ...others]: DerElement[],
  bits: number,
  passphrase: string | undefined,
): Promise<CryptoKey> {
  const algorithm = {
    name: 'PBKDF2',
    hash: hashOf(others.find((element) => element.tag === TAG.sequence)),
    salt: contentOf(salt, TAG.octetString),
    iterations: numberOf(iterations),
  }
  if (algorithm.iterations > MAX_ITERATIONS) {
    throw tooCostly(`${algorithm.iterations} PBKDF2 iterations, at most ${MAX_ITERATIONS}`)
  }
  const secret = passphraseBytes(passphrase)
  try {
    const base = await crypto.subtle.importKey('raw', secret, 'PBKDF2', false, ['deriveBits'])
    return await importAesKey(await deriveBits(algorithm, base, bits))
  } finally {
    secret.fill(0)
  }
}

function hashOf(prf: DerElement | undefined): string {
  // RFC 8018, appendix A.2: SHA-1 when it is not named.
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
    const state = `this runtime refuses ${algorithm.iterations} PBKDF2 iterations; ` +
      `keep the key decrypted in a secret: ${COMMAND.decrypt}`
    throw keyError('pbkdf2_iterations', `Cannot decrypt the private key: ${state}`, error)
  }
}

async function deriveScrypt(
  [salt, cost, blockSize, parallelism]: DerElement[],
  bits: number,
  passphrase: string | undefined,
): Promise<CryptoKey> {
  const options = {
    N: numberOf(cost),
    r: numberOf(blockSize),
    p: numberOf(parallelism),
    dkLen: bits / 8,
  }
  checkScrypt(options)
  const secret = passphraseBytes(passphrase)
  try {
    return await importAesKey(scrypt(secret, contentOf(salt, TAG.octetString), options))
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
    const most = mebibytes(MAX_SCRYPT_MEMORY)
    throw tooCostly(`${mebibytes(memory)} MiB of memory for scrypt, at most ${most} MiB`)
  }
  if (p > MAX_SCRYPT_PASSES) {
    throw tooCostly(`${p} passes of scrypt, at most ${MAX_SCRYPT_PASSES}`)
  }
}

/** `needs` completes "it needs … are allowed". A damaged or hostile file would block the start. */
function tooCostly(needs: string): Error {
  const state = `it needs ${needs} are allowed; encrypt it again with: ${COMMAND.encrypt}`
  return keyError('key_derivation_limit', `Cannot decrypt the private key: ${state}`)
}

function badParameters(cause: unknown): Error {
  const state = 'the parameters of its encryption are out of range'
  return keyError('bad_der', `Cannot decrypt the private key: ${state}`, cause)
}
