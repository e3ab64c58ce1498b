import type { ChatEvent } from '../../chat/events.ts'
import type { Usage } from '../../chat/model.ts'
import { ApiError, toApiError } from '../../errors.ts'
import type { SseMessage } from '../../sse/decode.ts'
import type { StreamDecodeOptions, StreamDecoder } from '../format.ts'
import { decodeUsage } from '../usage.ts'
import { type ChoiceStream, createChoiceStream } from './choice-stream.ts'
import { readMessage, type StreamEvent } from './read-event.ts'
import type { WireChoice } from './wire.ts'

/** Begins to read a stream in the GENERIC format. */
export function createStreamDecoder(options: StreamDecodeOptions): StreamDecoder {
  return new GenericStreamDecoder(options)
}

class GenericStreamDecoder implements StreamDecoder {
  readonly #options: StreamDecodeOptions
  readonly #choices = new Map<number, ChoiceStream>()
  #usage: Usage | undefined
  #serviceTier = ''
  #failure: ApiError | undefined
  done = false
  skipped = 0

  constructor(options: StreamDecodeOptions) {
    this.#options = options
  }

  get finished(): boolean {
    return this.#choices.size >= (this.#options.choices ?? 1) && this.#allEnded()
  }

  push(messages: readonly SseMessage[]): readonly ChatEvent[] {
    const events = messages.flatMap(readMessage).flatMap((event) => this.#take(event))
    if (this.#failure && events.length === 0) throw this.#failure
    return events
  }

  end(): readonly ChatEvent[] {
    if (this.#failure) throw this.#failure
    if (this.#choices.size === 0 || !this.#allEnded()) {
      throw new ApiError('upstream_incomplete', 'Cannot complete the answer: the stream was cut')
    }
    return this.#usage ? [{ type: 'usage', usage: this.#usage }] : []
  }

  #allEnded(): boolean {
    return [...this.#choices.values()].every(({ finished }) => finished)
  }

  #take(event: StreamEvent): readonly ChatEvent[] {
    if (this.done) return []
    switch (event.type) {
      case 'choices':
        return this.#advance(event)
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

  #advance(event: Extract<StreamEvent, { type: 'choices' }>): readonly ChatEvent[] {
    if (event.usage) this.#usage = decodeUsage(event.usage) ?? this.#usage
    try {
      return [
        ...this.#tellServiceTier(event.serviceTier),
        ...event.choices.flatMap((piece, position) => this.#choice(piece, position).push(piece)),
      ]
    } catch (thrown) {
      return this.#fail(() => toApiError(thrown))
    }
  }

  #choice(piece: WireChoice, position: number): ChoiceStream {
    const index = typeof piece.index === 'number' ? piece.index : position
    const known = this.#choices.get(index)
    if (known) return known
    const choice = createChoiceStream(index, this.#options)
    this.#choices.set(index, choice)
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
