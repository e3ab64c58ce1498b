import { isRecord, isSubschema } from './keywords.ts'
import type { Subschema } from './keywords.ts'

/**
 * The schema a reference such as `#/$defs/A` points at in its document (RFC 6901, in a URL's
 * fragment); `undefined` where there is none, or it lies in another document.
 */
export function resolvePointer(root: Subschema, reference: string): Subschema | undefined {
  const path = decodeFragment(reference)
  if (path === undefined) return undefined
  const found = path.split('/').slice(1).map(unescape).reduce(step, root)
  return isSubschema(found) ? found : undefined
}

function decodeFragment(reference: string): string | undefined {
  if (reference !== '#' && !reference.startsWith('#/')) return undefined
  try {
    return decodeURIComponent(reference.slice(1))
  } catch {
    // A stray "%" is no escape: the name is taken as it stands.
    return reference.slice(1)
  }
}

function unescape(token: string): string {
  return token.replaceAll('~1', '/').replaceAll('~0', '~')
}

function step(place: unknown, token: string): unknown {
  if (Array.isArray(place)) return /^\d+$/.test(token) ? place[Number(token)] : undefined
  return isRecord(place) && Object.hasOwn(place, token) ? place[token] : undefined
}
