import { type ServiceBehavior, shapeError } from './service-behavior.ts'
import type { Meter } from './billing/meter.ts'
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
  /** Counts what is billed, for the Usage API. */
  meter: Meter
  behavior: ServiceBehavior
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
  return errorResponse(shapeError(error, context.behavior))
}

/** Returns an answer, or reports an error and returns its response. */
export function respond(answer: Response | ServiceError, context: SimulatorContext): Response {
  return answer instanceof Response ? answer : reject(answer, context)
}

/** The parameters in the query of a request. */
export function queryOf({ req }: { req: { url: string } }): URLSearchParams {
  return new URL(req.url).searchParams
}
