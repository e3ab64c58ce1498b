import type { Context, MiddlewareHandler } from 'hono'
import type { GatewayEnvironment } from './environment.ts'

/**
 * A part of every request: runs before the handler, and returns what runs when there is a response, if
 * anything. It must not throw.
 */
export type Around = (c: Context<GatewayEnvironment>) => (() => void) | void

/**
 * Runs several parts around the handler in one middleware, the first one outermost: each middleware
 * costs two promises and their turns.
 */
export function around(...parts: readonly Around[]): MiddlewareHandler<GatewayEnvironment> {
  return async function around(c, next) {
    const ends = parts.map((part) => part(c))
    await next()
    for (const end of ends.reverse()) end?.()
  }
}
