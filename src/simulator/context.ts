import { errorResponse, type ServiceError } from './service-error.ts'

/** What outlives a request. */
export interface SimulatorContext {
  now(): number
  /** Milliseconds between the events of a stream. */
  eventDelay: number
  /** How often each key was called, for `times`. */
  calls: Map<string, number>
  onError(error: ServiceError): void
}

/** Refuses, and tells why. */
export function reject(error: ServiceError, context: SimulatorContext): Response {
  context.onError(error)
  return errorResponse(error)
}
