import { type Directives, numberOf } from './directives.ts'
import type { Exchange } from './exchange.ts'

/** Waits some milliseconds; resolves with `false` if the signal aborted the wait. */
export function sleep(milliseconds: number, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return Promise.resolve(false)
  if (milliseconds <= 0) return Promise.resolve(true)
  return new Promise((resolve) => {
    const onAbort = () => {
      clearTimeout(timer)
      resolve(false)
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', onAbort)
      resolve(true)
    }, milliseconds)
    signal.addEventListener('abort', onAbort, { once: true })
  })
}

/** Resolves when the signal aborts, without a time limit. */
export function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

/** Delays the response headers. Throws the client's abort reason, as fetch does, if it disconnects. */
export async function delayHeaders(
  directives: Directives,
  isStream: boolean,
  { request: { signal }, end }: Exchange,
): Promise<void> {
  if (directives.has('silent')) await untilAborted(signal)
  const firstDelay = isStream ? 0 : numberOf(directives, 'first-delay') ?? 0
  await sleep(numberOf(directives, 'headers-delay') ?? firstDelay, signal)
  if (!signal.aborted) return
  end('client-disconnected')
  signal.throwIfAborted()
}
