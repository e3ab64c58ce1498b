import type { Bytes } from '../pem.ts'
import { readValues, TAG, type Value } from './der.ts'

/** A certificate, as far as the auth service looks at it. */
export interface Certificate {
  /** The values of its subject: `opc-tenant:ocid1.tenancy…` and the like. */
  subject: readonly string[]
  /** The SubjectPublicKeyInfo, in DER. */
  spki: Bytes
  /** Milliseconds since the epoch. */
  notBefore: number
  notAfter: number
  /** What is signed, and the signature. */
  signed: Bytes
  signature: Bytes
}

/** Reads a certificate; `undefined` when it is none. */
export function readCertificate(bytes: Bytes): Certificate | undefined {
  try {
    return read(bytes)
  } catch {
    return undefined
  }
}

/** The value of the subject that begins with a word and a colon. */
export function subjectValue({ subject }: Certificate, word: string): string | undefined {
  return subject.find((value) => value.startsWith(`${word}:`))?.slice(word.length + 1)
}

function read(bytes: Bytes): Certificate {
  const [signed, , signature] = inside(readValues(bytes)[0])
  const fields = inside(signed)
  // Version 1 has no version: Oracle's own vectors do without.
  const [, , , validity, subject, spki] = fields[0]?.tag === TAG.explicit0
    ? fields.slice(1)
    : fields
  const [notBefore, notAfter] = inside(validity).map(readTime)
  return {
    subject: inside(subject).flatMap(inside).map((pair) => textOf(inside(pair)[1])),
    spki: some(spki).whole,
    notBefore: notBefore ?? NaN,
    notAfter: notAfter ?? NaN,
    signed: some(signed).whole,
    signature: some(signature).content.slice(1),
  }
}

function inside(value: Value | undefined): readonly Value[] {
  return readValues(some(value).content)
}

function some(value: Value | undefined): Value {
  if (!value) throw new RangeError('Cannot read the certificate: something is missing')
  return value
}

function textOf(value: Value | undefined): string {
  return new TextDecoder().decode(some(value).content)
}

function readTime(value: Value): number {
  const [, year, month, day, hour, minute, second] =
    /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(textOf(value)) ?? []
  return Date.parse(`20${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
}
