import process from 'node:process'
import { ApiError } from '../errors.ts'
import { withTimeout } from '../timeout.ts'
import type { Gateway } from './gateway.ts'

/** For what was written last to reach the network, in milliseconds. */
const FLUSH = 200

/**
 * Ends the process on SIGTERM and SIGINT, when all running requests have ended, and with status 0;
 * at once, and with status 1, on a second signal. `stopListening` resolves when the last connection
 * is closed.
 */
export function endOnSignal(
  { limiter, config: { limits } }: Gateway,
  stopListening: () => Promise<unknown>,
): void {
  let isEnding = false
  const end = async () => {
    if (isEnding) process.exit(1)
    isEnding = true
    const stopped = stopListening()
    await limiter.drain(limits.shutdownGrace, ended())
    await withTimeout(FLUSH, stopped)
    process.exit(0)
  }
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, end)
}

function ended(): ApiError {
  return new ApiError('overloaded', 'The gateway is shutting down')
}
