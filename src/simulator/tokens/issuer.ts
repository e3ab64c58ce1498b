import { generateRsa, importJwk } from '../rsa.ts'
import { type Claims, signJwt, verifyJwt } from './jwt.ts'
import type { FindKey } from '../verify-signature.ts'

/** Issues tokens and verifies them. */
export interface TokenIssuer {
  /** Issues a token that expires after `lifetime` seconds; `sessionKey` signs for its holder. */
  issue(claims: Claims, sessionKey: CryptoKey | undefined, lifetime: number): Promise<string>
  /** The claims and the key of a valid token; a string is the reason why it is invalid. */
  read(token: string): Promise<ReadToken | string>
  /** Revokes a token, or all tokens issued so far. */
  revoke(token?: string): void
}

export interface ReadToken {
  claims: Claims
  /** The public key that verifies its holder's signatures. */
  key: CryptoKey | undefined
}

/** Creates an issuer with its own key pair. */
export function createTokenIssuer({ now = Date.now }: { now?: () => number } = {}): TokenIssuer {
  const revoked = new Set<string>()
  const issued = new Set<string>()
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
      issued.add(text)
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
      for (const revokedToken of token === undefined ? issued : [token]) revoked.add(revokedToken)
    },
  }
}

/** Finds the keys of tokens (`keyId` is `ST$` and the token) and delegates other ids to `rest`. */
export function tokenKeyFinder(issuer: TokenIssuer, rest: FindKey): FindKey {
  return async (keyId, request) => {
    if (!keyId.startsWith('ST$')) return await rest(keyId, request)
    const token = await issuer.read(keyId.slice('ST$'.length))
    if (typeof token === 'string') return token
    const { claims, key } = token
    if (!key) return 'a token without a key'
    const tenancy = String(claims['res_tenant'] ?? claims['tenant'])
    return { keyId: `${tenancy}/${claims['sub']}/token`, key }
  }
}

/** Real tokens contain the key as JSON within JSON. */
async function jwkOf(key: CryptoKey): Promise<string> {
  const { n, e, kty } = await crypto.subtle.exportKey('jwk', key)
  return JSON.stringify({ kid: 'simulator', n, e, kty, alg: 'RS256', use: 'sig' })
}
