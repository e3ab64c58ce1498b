import type { FindKey } from '../verify-signature.ts'
import type { Claims } from './jwt.ts'
import type { TokenIssuer } from './issuer.ts'

/** Finds the holders of tokens, whose `keyId` is `ST$` and the token, and leaves others to `rest`. */
export function tokenKeyFinder(issuer: TokenIssuer, rest: FindKey): FindKey {
  return async (keyId, request) => {
    if (!keyId.startsWith('ST$')) return await rest(keyId, request)
    const token = await issuer.read(keyId.slice('ST$'.length))
    if (typeof token === 'string') return token
    if (!token.key) return 'a token that is for nobody to sign with'
    return { keyId: `${tenancyOf(token.claims)}/${token.claims['sub']}/token`, key: token.key }
  }
}

/** The tenancy that a token's sessionKey belongs to. */
export function tenancyOf(claims: Claims): string {
  return String(claims['res_tenant'] ?? claims['tenant'])
}
