import process from 'node:process'
import { ApiError } from '../errors.ts'
import { withTimeout } from '../timeout.ts'
import type { Gateway } from './gateway.ts'

/** Milliseconds for the last data to reach the network. */
const FLUSH_TIME = 200

/** Milliseconds for the last settlements to reach the store, and for the last telemetry. */
export const CLOSE_TIME = 5_000

/**
 * Drains the gateway and ends the process with status 0 on SIGTERM or SIGINT. A second signal ends
 * it immediately with status 1. `stopListening` resolves when the last connection is closed. A worker
 * also ends when its parent ends or closes the channel to it.
 */
export function endOnSignal(
  gateway: Gateway,
  stopListening: () => Promise<unknown>,
  isWorker: boolean,
): void {
  let isEnding = false
  const end = async () => {
    isEnding = true
    const stopped = stopListening()
    const { limiter, close, config: { limits } } = gateway
    await limiter.drain(limits.shutdownGrace, shuttingDown())
    await withTimeout(FLUSH_TIME, stopped)
    await withTimeout(CLOSE_TIME, close().catch(() => {}))
    process.exit(0)
  }
  for (const signal of ['SIGTERM', 'SIGINT']) {
    process.on(signal, () => {
      if (isEnding) process.exit(1)
      void end()
    })
  }
  if (isWorker) process.once('disconnect', () => void (isEnding || end()))
}

function shuttingDown(): ApiError {
  return new ApiError('overloaded', 'The gateway is shutting down')
}
