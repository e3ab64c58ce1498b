import { ApiError } from '../../errors.ts'
import { type Bytes, decodeBase64, encodeBase64, encodeHex, hashBytes } from '../signing/bytes.ts'
import { childrenOf, contentOf, readDer, TAG } from '../signing/der.ts'

/** The parts of an X.509 certificate that authentication needs. OCI verifies its signature. */
export interface Certificate {
  der: Bytes
  /** The DER as base64 without line breaks, as OCI expects it. */
  base64: string
  /** The tenancy's OCID, from the subject. */
  tenancy: string | undefined
  /** The public key as SubjectPublicKeyInfo in DER. */
  publicKeySpki: Bytes
}

/** Explicit tag 0 of the version, which version 1 certificates omit. */
const VERSION = 0xa0

/** Reads all certificates of a PEM text, in order. */
export function readCertificates(pem: string): Certificate[] {
  const blocks = pem.matchAll(/-----BEGIN CERTIFICATE-----([^-]*)-----END CERTIFICATE-----/g)
  return Array.from(blocks, ([_all, body = '']) => readCertificate(body.replace(/\s/g, '')))
}

/** OCI's fingerprint of a certificate: the hash of its DER, in pairs with colons. */
export async function certificateFingerprint(
  { der }: Certificate,
  algorithm: 'SHA-1' | 'SHA-256',
): Promise<string> {
  return encodeHex(await hashBytes(algorithm, der), ':')
}

function readCertificate(base64: string): Certificate {
  const der = decodeBase64(base64)
  if (der === undefined) throw unreadable('its body is not base64')
  try {
    const [tbs] = childrenOf(readDer(der))
    const fields = childrenOf(tbs).filter(({ tag }) => tag !== VERSION)
    const [_serial, _algorithm, _issuer, _validity, subject, publicKey] = fields
    contentOf(publicKey, TAG.sequence)
    const names = childrenOf(subject)
      .flatMap((set) => childrenOf(set, TAG.set))
      .map((pair) => new TextDecoder().decode(childrenOf(pair)[1]?.content))
    return {
      der,
      base64: encodeBase64(der),
      tenancy: valueAfter('opc-tenant:', names) ?? valueAfter('opc-identity:', names),
      publicKeySpki: publicKey?.encoded ?? der,
    }
  } catch (cause) {
    throw unreadable('its data is damaged', cause)
  }
}

function valueAfter(prefix: string, names: readonly string[]): string | undefined {
  return names.find((name) => name.startsWith(prefix))?.slice(prefix.length)
}

function unreadable(state: string, cause?: unknown): ApiError {
  const message = `Cannot read a certificate of the instance: ${state}`
  return new ApiError('upstream_auth_error', message, { reason: 'bad_certificate', cause })
}
