import { Context } from 'hono'
import { createBodyBudget } from '../../src/access/body-budget.ts'
import type { GatewayEnvironment } from '../../src/middleware/environment.ts'
import { createLifecycle } from '../../src/middleware/lifecycle.ts'
import type { BodyLimits } from '../../src/routes/context.ts'

/** A request that posts `body`. A stream has no declared length. */
export function post(body: BodyInit | null, headers: Record<string, string> = {}): Request {
  const init = { method: 'POST', body, headers, duplex: 'half' }
  return new Request('http://localhost/v1/chat/completions', init)
}

/** A streamed body of several chunks. */
export function chunksOf(...texts: (string | Uint8Array<ArrayBuffer>)[]): ReadableStream {
  const encoder = new TextEncoder()
  const left = texts.map((text) => typeof text === 'string' ? encoder.encode(text) : text)
  return new ReadableStream({
    pull(controller) {
      const chunk = left.shift()
      if (chunk === undefined) controller.close()
      else controller.enqueue(chunk)
    },
  })
}

/** Limits for the bodies of a test's requests. */
export function bodyLimits({ maxBodyBytes = 1_000_000, bodyTimeout = 0 } = {}): BodyLimits {
  const budget = createBodyBudget({ max: Infinity, maxPerClient: Infinity })
  const uploads = { uploads: budget, maxUploadBytes: maxBodyBytes }
  const limits = { maxBodyBytes, bodyTimeout, budget, ...uploads }
  return { ...limits, yieldToEventLoop: () => Promise.resolve() }
}

/** The context of a request in a route. */
export function contextOf(request: Request): Context<GatewayEnvironment> {
  const c = new Context<GatewayEnvironment>(request)
  c.set('client', 'tester')
  c.set('lifecycle', createLifecycle())
  return c
}
