import { decodeBase64Url, encodeBase64Url } from '../base64.ts'
import { fromBase64, toBase64 } from '../pem.ts'
import { signRsa, verifyRsa } from '../rsa.ts'

export type Claims = Readonly<Record<string, unknown>>

/** Signs claims as a JSON Web Token, RS256. */
export async function signJwt(claims: Claims, key: CryptoKey, kid: string): Promise<string> {
  const header = encodeBase64Url(JSON.stringify({ kid, alg: 'RS256', typ: 'JWT' }))
  const signed = `${header}.${encodeBase64Url(JSON.stringify(claims))}`
  const signature = toBase64(await signRsa(key, new TextEncoder().encode(signed)))
  return `${signed}.${signature.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')}`
}

/** The claims of a token that this key has signed; `undefined` for any other. */
export async function verifyJwt(token: string, key: CryptoKey): Promise<Claims | undefined> {
  const [header = '', payload = '', signature = '', ...rest] = token.split('.')
  const bytes = bytesOf(signature)
  if (!bytes || rest.length > 0) return undefined
  const signed = new TextEncoder().encode(`${header}.${payload}`)
  return await verifyRsa(key, bytes, signed) ? readClaims(token) : undefined
}

/** The claims of a token, whoever signed it; `undefined` when it is no token. */
export function readClaims(token: string): Claims | undefined {
  const [, payload = ''] = token.split('.')
  try {
    const claims: unknown = JSON.parse(decodeBase64Url(payload) ?? '')
    return typeof claims === 'object' && claims !== null ? { ...claims } : undefined
  } catch {
    return undefined
  }
}

function bytesOf(base64url: string) {
  const base64 = base64url.replaceAll('-', '+').replaceAll('_', '/')
  return fromBase64(base64.padEnd(Math.ceil(base64.length / 4) * 4, '='))
}
