import { decodeBase64Url, encodeBase64Url, fromBase64Url, toBase64Url } from '../base64.ts'
import { signRsa, verifyRsa } from '../rsa.ts'

export type Claims = Readonly<Record<string, unknown>>

/** Signs claims as a JSON Web Token, RS256. */
export async function signJwt(claims: Claims, key: CryptoKey, kid: string): Promise<string> {
  const header = encodeBase64Url(JSON.stringify({ kid, alg: 'RS256', typ: 'JWT' }))
  const signed = `${header}.${encodeBase64Url(JSON.stringify(claims))}`
  const signature = await signRsa(key, new TextEncoder().encode(signed))
  return `${signed}.${toBase64Url(signature)}`
}

/** The claims of a token with a valid signature of this key, else `undefined`. */
export async function verifyJwt(token: string, key: CryptoKey): Promise<Claims | undefined> {
  const [header = '', payload = '', signature = '', ...rest] = token.split('.')
  const bytes = fromBase64Url(signature)
  if (!bytes || rest.length > 0) return undefined
  const signed = new TextEncoder().encode(`${header}.${payload}`)
  return await verifyRsa(key, bytes, signed) ? readClaims(token) : undefined
}

/** The claims of a token without verification; `undefined` if it is not a token. */
export function readClaims(token: string): Claims | undefined {
  const [, payload = ''] = token.split('.')
  try {
    const claims: unknown = JSON.parse(decodeBase64Url(payload) ?? '')
    return typeof claims === 'object' && claims !== null ? { ...claims } : undefined
  } catch {
    return undefined
  }
}
