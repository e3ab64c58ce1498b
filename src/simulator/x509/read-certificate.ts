import type { Bytes } from '../base64.ts'
import { readValues, TAG, type Value } from './der.ts'

/** The parts of a certificate that the auth service checks. */
export interface Certificate {
  /** The values of its subject: `opc-tenant:ocid1.tenancy…` and the like. */
  subject: readonly string[]
  /** The SubjectPublicKeyInfo, in DER. */
  spki: Bytes
  /** Milliseconds since the epoch. */
  notBefore: number
  notAfter: number
  /** The signed bytes and their signature. */
  signed: Bytes
  signature: Bytes
}

/** Reads a certificate; `undefined` if it is invalid. */
export function readCertificate(bytes: Bytes): Certificate | undefined {
  try {
    return read(bytes)
  } catch {
    return undefined
  }
}

/** The subject value after a name and a colon. */
export function subjectValue({ subject }: Certificate, name: string): string | undefined {
  return subject.find((value) => value.startsWith(`${name}:`))?.slice(name.length + 1)
}

function read(bytes: Bytes): Certificate {
  const [signed, , signature] = valuesIn(readValues(bytes)[0])
  const fields = valuesIn(signed)
  // Version 1 certificates, such as Oracle's test vectors, have no version field.
  const [, , , validity, subject, spki] = fields[0]?.tag === TAG.explicit0
    ? fields.slice(1)
    : fields
  const [notBefore, notAfter] = valuesIn(validity).map(readTime)
  return {
    subject: valuesIn(subject).flatMap(valuesIn).map((pair) => textOf(valuesIn(pair)[1])),
    spki: required(spki).whole,
    notBefore: notBefore ?? NaN,
    notAfter: notAfter ?? NaN,
    signed: required(signed).whole,
    signature: required(signature).content.slice(1),
  }
}

function valuesIn(value: Value | undefined): readonly Value[] {
  return readValues(required(value).content)
}

function required(value: Value | undefined): Value {
  if (!value) throw new RangeError('Cannot read the certificate: something is missing')
  return value
}

function textOf(value: Value | undefined): string {
  return new TextDecoder().decode(required(value).content)
}

function readTime(value: Value): number {
  const [, year, month, day, hour, minute, second] =
    /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(textOf(value)) ?? []
  return Date.parse(`20${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
}
