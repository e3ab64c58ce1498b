import type { Handler } from 'hono'
import { ApiError } from '../errors.ts'

/** Answers every method a path does not have. */
export function methodNotAllowed(...allowed: string[]): Handler {
  return (c) => {
    c.header('allow', allowed.join(', '))
    throw new ApiError(
      'method_not_allowed',
      `Cannot ${c.req.method} ${c.req.path}: only ${allowed.join(' and ')}`,
    )
  }
}
