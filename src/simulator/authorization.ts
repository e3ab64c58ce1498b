/** The parameters of `Authorization: Signature …`. */
export interface SignatureParameters {
  version: string
  keyId: string
  algorithm: string
  /** The names of what was signed, lower case, in the order of the signing string. */
  headers: readonly string[]
  signature: Uint8Array<ArrayBuffer>
}

/** Reads the header; `undefined` when it is not a whole and well-formed HTTP signature. */
export function readAuthorization(header: string): SignatureParameters | undefined {
  const [, list] = /^Signature (.*)$/i.exec(header) ?? []
  const parameters = list === undefined ? undefined : readParameters(list)
  const version = parameters?.get('version')
  const keyId = parameters?.get('keyId')
  const algorithm = parameters?.get('algorithm')
  const headers = parameters?.get('headers')?.toLowerCase().split(' ')
  const signature = readBase64(parameters?.get('signature') ?? '')
  if (!version || !keyId || !algorithm || !headers || !signature) return undefined
  return { version, keyId, algorithm, headers, signature }
}

function readParameters(list: string): ReadonlyMap<string, string> | undefined {
  const pairs = [...list.matchAll(/([a-zA-Z]+)="([^"]*)"(,|$)/gy)]
  const read = pairs.map(([whole]) => whole).join('')
  const parameters = new Map(pairs.map(([, name = '', value = '']) => [name, value]))
  return read === list && parameters.size === pairs.length ? parameters : undefined
}

function readBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (text === '' || !/^[A-Za-z0-9+/]+={0,2}$/.test(text) || text.length % 4 !== 0) return undefined
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
}
