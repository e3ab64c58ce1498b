import type { DeferredOutcome } from '../resilience/outcome.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** Reports how an answer of bytes ended. Not a generator: its `return()` would wait for a pending read. */
export class Observed implements AsyncIterableIterator<Bytes, undefined> {
  readonly #batches: AsyncIterator<Bytes, undefined>
  readonly #outcome: DeferredOutcome

  constructor(batches: AsyncIterator<Bytes, undefined>, outcome: DeferredOutcome) {
    this.#batches = batches
    this.#outcome = outcome
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async next(): Promise<IteratorResult<Bytes, undefined>> {
    try {
      const result = await this.#batches.next()
      if (result.done) this.#outcome.succeed()
      return result
    } catch (error) {
      this.#outcome.fail(error)
      throw error
    }
  }

  async return(): Promise<IteratorResult<Bytes, undefined>> {
    this.#outcome.abandon()
    await this.#batches.return?.()
    return { done: true, value: undefined }
  }
}
