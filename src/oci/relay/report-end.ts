import type { ReadEnd } from '../../sse/read.ts'
import type { DeferredOutcome } from '../resilience/outcome.ts'

/** Reports how an answer of bytes ended as the outcome of its call. */
export function reportEnd(outcome: DeferredOutcome, end: ReadEnd): void {
  switch (end.type) {
    case 'complete':
      return outcome.succeed()
    case 'failed':
      return outcome.fail(end.error)
    case 'cancelled':
      return outcome.abandon()
  }
}

/** Reports the end of an answer to the outcome, which may be known only after the end. */
export class EndReport {
  #end: ReadEnd | undefined
  #outcome: DeferredOutcome | undefined

  endWith(end: ReadEnd): void {
    this.#end = end
    if (this.#outcome) reportEnd(this.#outcome, end)
  }

  reportTo(outcome: DeferredOutcome): void {
    this.#outcome = outcome
    if (this.#end) reportEnd(outcome, this.#end)
  }
}
