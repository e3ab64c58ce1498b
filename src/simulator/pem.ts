import { type Bytes, fromBase64, toBase64 } from './base64.ts'

/** Encodes DER as PEM. */
export function toPem(label: string, der: Uint8Array): string {
  const lines = toBase64(der).match(/.{1,64}/g) ?? []
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n')
}

/** Decodes PEM to DER; `undefined` if there is no PEM block with this label. */
export function fromPem(label: string, pem: string): Bytes | undefined {
  const block = new RegExp(`^-----BEGIN ${label}-----\\n([^-]*)-----END ${label}-----\\s*$`)
  const [, base64] = block.exec(pem.replaceAll('\r', '')) ?? []
  return base64 === undefined ? undefined : fromBase64(base64.replaceAll('\n', ''))
}
