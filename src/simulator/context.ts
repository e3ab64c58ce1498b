import type { Exchange } from './exchange.ts'
import { errorResponse, type ServiceError } from './service-error.ts'

/** The simulator's state and settings, shared by all requests. */
export interface SimulatorContext {
  /** Milliseconds since the epoch. */
  now(): number
  /** Milliseconds between the events of a stream. */
  eventDelay: number
  /** Number of calls for each key of the `times` directive. */
  calls: Map<string, number>
  onError(error: ServiceError): void
}

/** Values that the middleware stores for the handlers of a request. */
export interface Env {
  Variables: {
    exchange: Exchange
    /** The authenticated caller; set after the signature was verified. */
    keyId: string
  }
}

/** Reports an error to `onError` and returns its response. */
export function reject(error: ServiceError, context: SimulatorContext): Response {
  context.onError(error)
  return errorResponse(error)
}
