import type { Bytes } from '../base64.ts'
import { signRsa } from '../rsa.ts'
import { der, TAG } from './der.ts'

/** The content of a certificate. */
export interface CertificateText {
  issuer: Name
  subject: Name
  publicKey: CryptoKey
  /** Milliseconds since the epoch. */
  notBefore: number
  notAfter: number
}

/** Attributes in order. Values may be longer than X.520 allows, like OCI's. */
export type Name = readonly (readonly [attribute: 'CN' | 'OU', value: string])[]

const ATTRIBUTES = {
  CN: Uint8Array.of(0x55, 0x04, 0x03),
  OU: Uint8Array.of(0x55, 0x04, 0x0b),
}
/** sha256WithRSAEncryption, 1.2.840.113549.1.1.11. */
const SHA256_WITH_RSA = der(
  TAG.sequence,
  der(
    TAG.objectId,
    Uint8Array.of(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b),
  ),
  der(TAG.none),
)
const VERSION_3 = der(TAG.explicit0, der(TAG.integer, Uint8Array.of(2)))

/** Writes an X.509 certificate (RFC 5280, section 4.1) without extensions, in DER. */
export async function writeCertificate(text: CertificateText, signer: CryptoKey): Promise<Bytes> {
  const spki = new Uint8Array(await crypto.subtle.exportKey('spki', text.publicKey))
  const signed = der(
    TAG.sequence,
    VERSION_3,
    der(TAG.integer, serial()),
    SHA256_WITH_RSA,
    writeName(text.issuer),
    der(TAG.sequence, writeTime(text.notBefore), writeTime(text.notAfter)),
    writeName(text.subject),
    spki,
  )
  const signature = await signRsa(signer, signed)
  return der(TAG.sequence, signed, SHA256_WITH_RSA, der(TAG.bits, Uint8Array.of(0), signature))
}

/** A positive random serial number. */
function serial(): Uint8Array {
  return Uint8Array.of(1, ...crypto.getRandomValues(new Uint8Array(15)))
}

function writeName(name: Name): Bytes {
  const parts = name.map(([attribute, value]) =>
    der(
      TAG.set,
      der(
        TAG.sequence,
        der(TAG.objectId, ATTRIBUTES[attribute]),
        der(TAG.utf8, new TextEncoder().encode(value)),
      ),
    )
  )
  return der(TAG.sequence, ...parts)
}

/** UTCTime has two digits for the year and supports dates until 2049. */
function writeTime(time: number): Bytes {
  const digits = new Date(time).toISOString().replaceAll(/\.\d+|\D/g, '').slice(2)
  return der(TAG.utcTime, new TextEncoder().encode(`${digits}Z`))
}
