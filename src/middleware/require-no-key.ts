import type { MiddlewareHandler } from 'hono'
import type { GatewayEnvironment } from './environment.ts'

/**
 * Runs the checks for requests without a key on a gateway that has no keys at all. On any other one
 * the path does not exist, which `notFound` reports: data of the administration need its own key.
 */
export function requireNoKey(
  hasKeys: () => boolean | Promise<boolean>,
  checks: readonly MiddlewareHandler<GatewayEnvironment>[],
  notFound: (path: string) => Error,
): MiddlewareHandler<GatewayEnvironment> {
  return async function requireNoKey(c, next) {
    if (await hasKeys()) throw notFound(c.req.path)
    const run = async (index: number): Promise<void> => {
      const check = checks[index]
      if (check === undefined) return await next()
      await check(c, () => run(index + 1))
    }
    await run(0)
  }
}
