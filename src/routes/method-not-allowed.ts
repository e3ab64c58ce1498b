import type { Handler } from 'hono'
import { ApiError } from '../errors.ts'
import { pathHint } from './unknown-path.ts'

/** Rejects every method except the allowed ones, which are handled before it. */
export function methodNotAllowed(...allowed: string[]): Handler {
  return (c) => {
    c.header('allow', allowed.join(', '))
    throw new ApiError(
      'method_not_allowed',
      `${c.req.method} is not allowed for ${c.req.path}. Use ${allowed.join(' or ')}${
        pathHint(c.req.path)
      }`,
    )
  }
}
