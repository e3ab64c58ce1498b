import type { ChatEvent } from '../../../chat/events.ts'
import type { Usage } from '../../../chat/model.ts'
import { ApiError, toApiError } from '../../../errors.ts'
import type { SseMessage } from '../../../sse/decode.ts'
import type { DecodeOptions, StreamDecodeOptions, StreamDecoder } from '../format.ts'
import { decodeUsage } from './usage.ts'
import { readMessage, type StreamEvent } from './stream-event.ts'

/** The part of stream decoding that differs between the formats. */
export interface StreamDialect<Piece> {
  readEvent(json: unknown): StreamEvent<Piece>
  /** The index of the choice that a piece belongs to; `position` is its position in the event. */
  indexOf(piece: Piece, position: number): number
  /** Creates the reader of the choice with the given index. */
  createChoiceStream(choice: number, options: DecodeOptions): ChoiceStream<Piece>
}

/** One of the choices that a stream interleaves. */
export interface ChoiceStream<Piece> {
  readonly finished: boolean
  /** Returns the events of the next piece in the order that clients expect; none after the finish. */
  push(piece: Piece): readonly ChatEvent[]
}

/** Creates the decoder of a stream. */
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
  /** The number of choices that have started and not finished. */
  #unfinished = 0
  #usage: Usage | undefined
  #serviceTier = ''
  #failure: ApiError | undefined
  #endIfLast: Piece | undefined
  done = false

  constructor(dialect: StreamDialect<Piece>, options: StreamDecodeOptions) {
    this.#dialect = dialect
    this.#options = options
  }

  get finished(): boolean {
    return this.#choices.size >= (this.#options.choices ?? 1) && this.#unfinished === 0
  }

  push(messages: readonly SseMessage[]): readonly ChatEvent[] {
    const { readEvent } = this.#dialect
    const events: ChatEvent[] = []
    for (const message of messages) {
      for (const event of readMessage(message, readEvent)) {
        for (const decoded of this.#decode(event)) events.push(decoded)
      }
    }
    if (this.#failure && events.length === 0) throw this.#failure
    return events
  }

  end(): readonly ChatEvent[] {
    if (this.#failure) throw this.#failure
    const last = this.#endIfLast && !this.finished ? this.#push(this.#endIfLast, 0) : []
    if (this.#choices.size === 0 || this.#unfinished > 0) {
      throw new ApiError(
        'upstream_incomplete',
        "OCI's stream was interrupted before the reply was complete",
      )
    }
    return this.#usage ? [...last, { type: 'usage', usage: this.#usage }] : last
  }

  #decode(event: StreamEvent<Piece>): readonly ChatEvent[] {
    if (this.done) return []
    switch (event.type) {
      case 'choices':
        return event.isLast ? this.#decodeLast(event) : this.#decodeChoices(event)
      case 'error':
        return this.#fail(() => this.#options.onError(event.json))
      case 'unreadable':
        return this.#fail(() => event.error)
      case 'unknown':
        return []
      case 'done':
        this.done = true
        return []
    }
  }

  #decodeChoices(event: Extract<StreamEvent<Piece>, { type: 'choices' }>): readonly ChatEvent[] {
    if (event.usage) this.#usage = decodeUsage(event.usage) ?? this.#usage
    const { choices } = event
    if (choices.length > 0) this.#endIfLast = event.endIfLast
    const tier = this.#serviceTierEvents(event.serviceTier)
    try {
      const [piece] = choices
      // Nearly every event is one piece: concatenating lists would double its time (measured).
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

  #decodeLast(event: Extract<StreamEvent<Piece>, { type: 'choices' }>): readonly ChatEvent[] {
    const events = this.#decodeChoices(event)
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

  #serviceTierEvents(serviceTier: string): readonly ChatEvent[] {
    if (serviceTier === '' || serviceTier === this.#serviceTier) return []
    this.#serviceTier = serviceTier
    return [{ type: 'service-tier', serviceTier }]
  }

  #fail(makeError: () => ApiError): readonly ChatEvent[] {
    // A failure after the complete reply does not invalidate the reply.
    if (this.finished) return []
    this.#failure = makeError()
    this.done = true
    return []
  }
}
