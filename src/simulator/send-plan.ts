import type { Plan, Tail } from './event-stream.ts'
import type { Exchange } from './exchange.ts'
import { sleep, untilAborted } from './sleep.ts'

/** A body that follows a plan as fast as it is read, and tells the exchange how it ended. */
export function sendPlan({ chunks, tail }: Plan, exchange: Exchange): ReadableStream<Uint8Array> {
  exchange.isStreaming = true
  const left = new AbortController()
  const { signal } = exchange.request
  let next = 0
  return new ReadableStream<Uint8Array>({
    start(controller) {
      onAbort(signal, () => {
        controller.error(signal.reason)
        left.abort()
        exchange.end('client-disconnected')
      })
    },
    async pull(controller) {
      const chunk = chunks[next++]
      if (chunk && !await sleep(chunk.delay, left.signal)) return
      if (chunk) controller.enqueue(chunk.bytes)
      else await end(controller, tail, exchange, left.signal)
    },
    cancel() {
      left.abort()
      exchange.end('client-disconnected')
    },
  })
}

function onAbort(signal: AbortSignal, run: () => void): void {
  if (signal.aborted) run()
  else signal.addEventListener('abort', run, { once: true })
}

async function end(
  controller: ReadableStreamDefaultController<Uint8Array>,
  tail: Tail,
  exchange: Exchange,
  left: AbortSignal,
): Promise<void> {
  switch (tail) {
    case 'close':
      exchange.end('completed')
      return controller.close()
    case 'fail':
      exchange.end('interrupted')
      return controller.error(new TypeError('terminated'))
    case 'stay-open':
      return await untilAborted(left)
  }
}
