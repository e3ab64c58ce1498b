import { type Bytes, fromBase64 } from './base64.ts'

/** The parameters of an `Authorization: Signature …` header. */
export interface SignatureParameters {
  version: string
  keyId: string
  algorithm: string
  /** The names of the signed headers, in lower case, in the order of the signing string. */
  headers: readonly string[]
  signature: Bytes
}

/** Reads the header; `undefined` if it is not a complete and well-formed HTTP signature. */
export function readAuthorization(header: string): SignatureParameters | undefined {
  const [, list] = /^Signature (.*)$/i.exec(header) ?? []
  const parameters = list === undefined ? undefined : readParameters(list)
  const version = parameters?.get('version')
  const keyId = parameters?.get('keyId')
  const algorithm = parameters?.get('algorithm')
  const headers = parameters?.get('headers')?.toLowerCase().split(' ')
  const signature = fromBase64(parameters?.get('signature') ?? '')
  if (!version || !keyId || !algorithm || !headers || !signature) return undefined
  return { version, keyId, algorithm, headers, signature }
}

function readParameters(list: string): ReadonlyMap<string, string> | undefined {
  const pairs = [...list.matchAll(/([a-zA-Z]+)="([^"]*)"(,|$)/gy)]
  const read = pairs.map(([whole]) => whole).join('')
  const parameters = new Map(pairs.map(([, name = '', value = '']) => [name, value]))
  return read === list && parameters.size === pairs.length ? parameters : undefined
}
