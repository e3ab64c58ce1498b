import type { ChatEvent } from '../../../chat/events.ts'
import type { Usage } from '../../../chat/model.ts'
import { ApiError, toApiError } from '../../../errors.ts'
import type { SseMessage } from '../../../sse/decode.ts'
import type { DecodeOptions, StreamDecodeOptions, StreamDecoder } from '../format.ts'
import { decodeUsage } from './usage.ts'
import { readMessage, type StreamEvent } from './stream-event.ts'

/** What the formats' streams differ in: how pieces of answers look, and what they mean. */
export interface StreamDialect<Piece> {
  readEvent(json: unknown): StreamEvent<Piece>
  /** Which answer a piece belongs to; `position` is its place in its event. */
  indexOf(piece: Piece, position: number): number
  /** Begins to read the answer of the given index. */
  createChoiceStream(choice: number, options: DecodeOptions): ChoiceStream<Piece>
}

/** One of the answers that a stream carries side by side. */
export interface ChoiceStream<Piece> {
  readonly finished: boolean
  /** The events of the next piece, in the order a client wants them; none after the finish. */
  push(piece: Piece): readonly ChatEvent[]
}

/** Begins to read a stream. */
export function createDecoder<Piece>(
  dialect: StreamDialect<Piece>,
  options: StreamDecodeOptions,
): StreamDecoder {
  return new DialectDecoder(dialect, options)
}

class DialectDecoder<Piece> implements StreamDecoder {
  readonly #dialect: StreamDialect<Piece>
  readonly #options: StreamDecodeOptions
  readonly #choices = new Map<number, ChoiceStream<Piece>>()
  /** How many choices have begun and not finished. */
  #unfinished = 0
  #usage: Usage | undefined
  #serviceTier = ''
  #failure: ApiError | undefined
  done = false
  skipped = 0

  constructor(dialect: StreamDialect<Piece>, options: StreamDecodeOptions) {
    this.#dialect = dialect
    this.#options = options
  }

  get finished(): boolean {
    return this.#choices.size >= (this.#options.choices ?? 1) && this.#unfinished === 0
  }

  push(messages: readonly SseMessage[]): readonly ChatEvent[] {
    const { readEvent } = this.#dialect
    const events = messages
      .flatMap((message) => readMessage(message, readEvent))
      .flatMap((event) => this.#take(event))
    if (this.#failure && events.length === 0) throw this.#failure
    return events
  }

  end(): readonly ChatEvent[] {
    if (this.#failure) throw this.#failure
    if (this.#choices.size === 0 || this.#unfinished > 0) {
      throw new ApiError('upstream_incomplete', 'Cannot complete the answer: the stream was cut')
    }
    return this.#usage ? [{ type: 'usage', usage: this.#usage }] : []
  }

  #take(event: StreamEvent<Piece>): readonly ChatEvent[] {
    if (this.done) return []
    switch (event.type) {
      case 'choices':
        return event.isLast ? this.#conclude(event) : this.#advance(event)
      case 'error':
        return this.#fail(() => this.#options.onError(event.json))
      case 'unreadable':
        return this.#fail(() => event.error)
      case 'unknown':
        return this.#skip()
      case 'done':
        this.done = true
        return []
    }
  }

  #advance(event: Extract<StreamEvent<Piece>, { type: 'choices' }>): readonly ChatEvent[] {
    if (event.usage) this.#usage = decodeUsage(event.usage) ?? this.#usage
    const { choices } = event
    const tier = this.#tellServiceTier(event.serviceTier)
    try {
      const [piece] = choices
      // Nearly every event is one piece: putting lists together would take twice its time (measured).
      if (piece && choices.length === 1 && tier.length === 0) {
        return this.#push(piece, 0)
      }
      return [
        ...tier,
        ...choices.flatMap((piece, position) => this.#push(piece, position)),
      ]
    } catch (thrown) {
      return this.#fail(() => toApiError(thrown))
    }
  }

  #conclude(event: Extract<StreamEvent<Piece>, { type: 'choices' }>): readonly ChatEvent[] {
    const events = this.#advance(event)
    this.done = true
    return events
  }

  #push(piece: Piece, position: number): readonly ChatEvent[] {
    const choice = this.#choice(piece, position)
    if (choice.finished) return choice.push(piece)
    const events = choice.push(piece)
    if (choice.finished) this.#unfinished--
    return events
  }

  #choice(piece: Piece, position: number): ChoiceStream<Piece> {
    const index = this.#dialect.indexOf(piece, position)
    const known = this.#choices.get(index)
    if (known) return known
    const choice = this.#dialect.createChoiceStream(index, this.#options)
    this.#choices.set(index, choice)
    this.#unfinished++
    return choice
  }

  #tellServiceTier(serviceTier: string): readonly ChatEvent[] {
    if (serviceTier === '' || serviceTier === this.#serviceTier) return []
    this.#serviceTier = serviceTier
    return [{ type: 'service-tier', serviceTier }]
  }

  #fail(makeError: () => ApiError): readonly ChatEvent[] {
    // What comes after a whole answer takes nothing from it.
    if (this.finished) return this.#skip()
    this.#failure = makeError()
    this.done = true
    return []
  }

  #skip(): readonly ChatEvent[] {
    this.skipped++
    return []
  }
}
