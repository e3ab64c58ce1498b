import type { Model } from './catalogue.ts'
import type { Directives } from './directives.ts'
import { type Plan, planPartialBody, type Tail } from './event-stream.ts'
import type { Exchange } from './exchange.ts'
import type { ServiceBehavior } from './service-behavior.ts'
import { sleep, untilAborted } from './sleep.ts'

/** A JSON response, truncated to half of its bytes if a directive interrupts it. */
export function jsonResponse(
  body: object,
  directives: Directives,
  exchange: Exchange,
  headers: Readonly<Record<string, string>>,
): Response {
  const text = JSON.stringify(body)
  const partial = planPartialBody(text, directives)
  return new Response(partial ? sendPlan(partial, exchange) : text, {
    headers: { 'content-type': 'application/json', ...headers },
  })
}

/** The headers that announce a model's deprecation and retirement. */
export function lifecycleHeaders(
  { deprecated, retired }: Model,
  { lifecycleHeader }: ServiceBehavior,
): Readonly<Record<string, string>> {
  const announced = deprecated ?? retired
  if (lifecycleHeader) return announced === undefined ? {} : { [lifecycleHeader]: announced }
  return {
    ...(deprecated === undefined ? {} : { 'model-deprecation-info': deprecated }),
    ...(retired === undefined ? {} : { 'model-retirement-info': retired }),
  }
}

/** The header with the region that is selected for a routing profile. */
export function routingHeaders(
  { selectedRegion }: { selectedRegion?: string },
): Readonly<Record<string, string>> {
  return selectedRegion === undefined ? {} : { 'x-genai-selected-region': selectedRegion }
}

/** Sends a plan's chunks as the client reads them, and reports to the exchange how it ended. */
export function sendPlan({ chunks, tail }: Plan, exchange: Exchange): ReadableStream<Uint8Array> {
  exchange.isStreaming = true
  const disconnected = new AbortController()
  const { signal } = exchange.request
  let next = 0
  return new ReadableStream<Uint8Array>({
    start(controller) {
      onAbort(signal, () => {
        controller.error(signal.reason)
        disconnected.abort()
        exchange.end('client-disconnected')
      })
    },
    async pull(controller) {
      const chunk = chunks[next++]
      if (chunk && !await sleep(chunk.delay, disconnected.signal)) return
      if (chunk) controller.enqueue(chunk.bytes)
      else await endStream(controller, tail, exchange, disconnected.signal)
    },
    cancel() {
      disconnected.abort()
      exchange.end('client-disconnected')
    },
  })
}

function onAbort(signal: AbortSignal, run: () => void): void {
  if (signal.aborted) run()
  else signal.addEventListener('abort', run, { once: true })
}

async function endStream(
  controller: ReadableStreamDefaultController<Uint8Array>,
  tail: Tail,
  exchange: Exchange,
  disconnected: AbortSignal,
): Promise<void> {
  switch (tail) {
    case 'close':
      exchange.end('completed')
      return controller.close()
    case 'fail':
      return fail(controller, exchange)
    case 'stay-open':
      await untilAborted(AbortSignal.any([disconnected, exchange.interrupted]))
      if (!disconnected.aborted) fail(controller, exchange)
  }
}

function fail(
  controller: ReadableStreamDefaultController<Uint8Array>,
  exchange: Exchange,
): void {
  exchange.end('interrupted')
  controller.error(new TypeError('terminated'))
}
