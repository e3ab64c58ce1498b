import { generateRsa, importJwk } from '../rsa.ts'
import { type Claims, signJwt, verifyJwt } from './jwt.ts'

/** Who gives tokens and knows its own again. */
export interface TokenIssuer {
  /** A token with these claims for the sessionKey of a key, if for anyone, good for so many seconds. */
  issue(claims: Claims, sessionKey: CryptoKey | undefined, lifetime: number): Promise<string>
  /** The claims and the key of a token, or why it is worth nothing. */
  read(token: string): Promise<ReadToken | string>
  /** From now on a token is worth nothing; without one, none that was given so far is. */
  revoke(token?: string): void
}

export interface ReadToken {
  claims: Claims
  /** The key its sessionKey signs with. */
  key: CryptoKey | undefined
}

/** Makes an issuer with a key of its own. */
export function createTokenIssuer({ now = Date.now }: { now?: () => number } = {}): TokenIssuer {
  const revoked = new Set<string>()
  const given = new Set<string>()
  let pair: Promise<CryptoKeyPair> | undefined
  const keys = () => pair ??= generateRsa()
  return {
    async issue(claims, sessionKey, lifetime) {
      const seconds = Math.floor(now() / 1000)
      const { privateKey } = await keys()
      const text = await signJwt(
        {
          ...claims,
          ...{ iss: 'authService.oracle.com', aud: 'oci', jti: crypto.randomUUID() },
          ...{
            iat: seconds,
            exp: seconds + lifetime,
            ...(sessionKey && { jwk: await jwkOf(sessionKey) }),
          },
        },
        privateKey,
        'asw_oc1_simulator',
      )
      given.add(text)
      return text
    },
    async read(token) {
      const claims = await verifyJwt(token, (await keys()).publicKey)
      if (!claims) return 'unknown token'
      if (revoked.has(token)) return 'revoked token'
      if (Number(claims['exp']) * 1000 <= now()) return 'expired token'
      const jwk = claims['jwk']
      return { claims, key: typeof jwk === 'string' ? await importJwk(JSON.parse(jwk)) : undefined }
    },
    revoke(token) {
      for (const one of token === undefined ? given : [token]) revoked.add(one)
    },
  }
}

/** Real tokens hold the key as JSON within JSON. */
async function jwkOf(key: CryptoKey): Promise<string> {
  const { n, e, kty } = await crypto.subtle.exportKey('jwk', key)
  return JSON.stringify({ kid: 'simulator', n, e, kty, alg: 'RS256', use: 'sig' })
}
