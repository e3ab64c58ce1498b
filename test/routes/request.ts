import { Context } from 'hono'
import { createBodyBudget } from '../../src/access/body-budget.ts'
import type { GatewayEnvironment } from '../../src/middleware/environment.ts'
import { createLifecycle } from '../../src/middleware/lifecycle.ts'
import type { BodyLimits } from '../../src/routes/context.ts'

/** A request that posts `body`; a stream has no length that is told. */
export function post(body: BodyInit | null, headers: Record<string, string> = {}): Request {
  const init = { method: 'POST', body, headers, duplex: 'half' }
  return new Request('http://localhost/v1/chat/completions', init)
}

/** A body in pieces, of which nobody knows how many will come. */
export function pieces(...texts: (string | Uint8Array<ArrayBuffer>)[]): ReadableStream {
  const encoder = new TextEncoder()
  const left = texts.map((text) => typeof text === 'string' ? encoder.encode(text) : text)
  return new ReadableStream({
    pull(controller) {
      const piece = left.shift()
      if (piece === undefined) controller.close()
      else controller.enqueue(piece)
    },
  })
}

/** How large and slow the bodies of a test's requests may be. */
export function bodyLimits({ maxBodyBytes = 1_000_000, bodyTimeout = 0 } = {}): BodyLimits {
  const budget = createBodyBudget({ max: Infinity, maxPerClient: Infinity })
  return { maxBodyBytes, bodyTimeout, budget, yieldToEventLoop: () => Promise.resolve() }
}

/** A request as a route gets it. */
export function contextOf(request: Request): Context<GatewayEnvironment> {
  const c = new Context<GatewayEnvironment>(request)
  c.set('client', 'tester')
  c.set('lifecycle', createLifecycle())
  return c
}
