import { isJsonObject } from '../../../json-object.ts'
import { isSubschema } from './keywords.ts'
import type { Subschema } from './keywords.ts'

/**
 * Resolves a reference such as `#/$defs/A` in its document (RFC 6901, as a URL fragment); `undefined`
 * when it has no target or points to another document.
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
    // A "%" that is not an escape is part of the name.
    return reference.slice(1)
  }
}

function unescape(token: string): string {
  return token.replaceAll('~1', '/').replaceAll('~0', '~')
}

function step(node: unknown, token: string): unknown {
  if (Array.isArray(node)) return /^\d+$/.test(token) ? node[Number(token)] : undefined
  return isJsonObject(node) && Object.hasOwn(node, token) ? node[token] : undefined
}
