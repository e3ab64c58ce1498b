import type { PublishedType } from './published.ts'

/** An answer or an event of the gateway, and the type that it must have. */
export interface Checked {
  type: PublishedType
  value: unknown
  /** The request that caused it. */
  request: string
  /** `answer`, or the position of an event in its stream. */
  at: string
}

/** A difference between an answer and the specification. */
export interface Violation {
  request: string
  /** Where in the answer. */
  path: string
  message: string
}
