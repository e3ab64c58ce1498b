import { type Directives, numberOf } from './directives.ts'
import type { Exchange } from './exchange.ts'
import { sleep, untilAborted } from './sleep.ts'

/** Holds the headers back; a client that leaves meanwhile gets its own reason back, as from fetch. */
export async function delayHeaders(
  directives: Directives,
  isStream: boolean,
  { request: { signal }, end }: Exchange,
): Promise<void> {
  if (directives.has('silent')) await untilAborted(signal)
  const thinking = isStream ? 0 : numberOf(directives, 'first-delay') ?? 0
  await sleep(numberOf(directives, 'headers-delay') ?? thinking, signal)
  if (!signal.aborted) return
  end('client-disconnected')
  signal.throwIfAborted()
}
