import type { Bytes } from '../bytes.ts'
import { childrenOf, contentOf, objectIdOf, readDer, TAG } from '../der/read.ts'
import { COMMAND, keyError } from '../key-error.ts'
import { RSA_ENCRYPTION } from '../pkcs1/rsa-algorithm.ts'

const OTHER_KINDS = new Map([
  ['1.2.840.113549.1.1.10', 'an RSA-PSS'],
  ['1.2.840.10040.4.1', 'a DSA'],
  ['1.2.840.10045.2.1', 'an EC'],
  ['1.3.101.110', 'an X25519'],
  ['1.3.101.112', 'an Ed25519'],
  ['1.3.101.113', 'an Ed448'],
])

/** The PKCS#1 private key inside a PKCS#8 one, as a view on the same bytes. */
export function unwrapPkcs8(pkcs8: Bytes): Bytes {
  const [_version, algorithm, privateKey] = childrenOf(readDer(pkcs8))
  const kind = objectIdOf(childrenOf(algorithm)[0])
  if (kind !== RSA_ENCRYPTION) throw notRsa(OTHER_KINDS.get(kind) ?? `another ("${kind}")`)
  return contentOf(privateKey, TAG.octetString)
}

/** The error for a key of another kind, called "an EC" or the like. */
export function notRsa(kind: string): Error {
  const state = `it is ${kind} key, and OCI takes only RSA; make one with: ${COMMAND.generate}`
  return keyError('not_rsa', `Cannot use the private key: ${state}`)
}
