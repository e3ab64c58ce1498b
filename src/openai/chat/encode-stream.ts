import type { ChatEvent } from '../../chat/events.ts'
import { encodeWithLogprobs } from '../../chat/join-logprobs.ts'
import type { FinishReason, TokenLogprob, Usage } from '../../chat/model.ts'
import type { StreamEncoder } from '../../chat/stream-encoder.ts'
import type { ApiError } from '../../errors.ts'
import { encodeErrorEvent } from '../error.ts'
import { CustomCalls } from './custom-calls.ts'
import { encodeAnnotation, encodeLogprobs, encodeUsage } from './encode.ts'
import { encodeServiceTier, FINISH_REASONS, type ReplyIdentity } from './wire.ts'

export interface StreamOptions {
  includeUsage: boolean
  /** The names of custom tools. */
  customTools?: ReadonlySet<string> | undefined
}

/** Creates the encoder of one stream of OpenAI's chunks. */
export function createStreamEncoder(
  identity: ReplyIdentity,
  options: StreamOptions,
): StreamEncoder {
  return new ChunkEncoder(identity, options)
}

/** Serializes the members that all chunks share once and appends the others as text. */
class ChunkEncoder implements StreamEncoder {
  readonly #head: string
  readonly #includeUsage: boolean
  readonly #started = new Set<number>()
  readonly #customCalls: CustomCalls
  #serviceTier = ''
  /** The chunk of a piece of text of one choice, without the text. */
  #textFrame: TextFrame | undefined
  #usage: Usage | undefined

  constructor({ id, created, model }: ReplyIdentity, options: StreamOptions) {
    this.#head = `data: {"id":${JSON.stringify(id)},"object":"chat.completion.chunk",` +
      `"created":${created},"model":${JSON.stringify(model)}`
    this.#includeUsage = options.includeUsage
    this.#customCalls = new CustomCalls(options.customTools)
  }

  /** The chunk with the role. */
  start(): string {
    return this.#opening(0)
  }

  encode(events: readonly ChatEvent[]): string {
    return encodeWithLogprobs(events, (event, tokens) => this.#encodeEvent(event, tokens))
  }

  /** The usage, if the client requested it, and `[DONE]`. */
  end(): string {
    if (!this.#includeUsage || !this.#usage) return DONE
    const usage = JSON.stringify(encodeUsage(this.#usage))
    return `${this.#head}${this.#serviceTier},"choices":[],"usage":${usage}}\n\n${DONE}`
  }

  fail(error: ApiError): string {
    return encodeErrorEvent(error)
  }

  /** A chunk, since the idle timers of some clients ignore comments. */
  heartbeat(): string {
    return this.#chunk(0, '{}')
  }

  /** `tokens` are those of a piece of text. */
  #encodeEvent(event: ChatEvent, tokens: readonly TokenLogprob[] | undefined): string {
    switch (event.type) {
      case 'usage':
        this.#usage = event.usage
        return ''
      case 'service-tier': {
        const tier = encodeServiceTier(event.serviceTier)
        this.#serviceTier = tier === undefined ? '' : `,"service_tier":"${tier}"`
        this.#textFrame = undefined
        return ''
      }
      case 'logprobs':
        return this.#opening(event.choice) + this.#logprobs(event.choice, event.tokens)
      case 'finish':
        return this.#opening(event.choice) + this.#customInputs(event.choice) +
          this.#finish(event.choice, event.reason)
      case 'tool-call-start':
      case 'tool-call-delta': {
        const delta = this.#customCalls.encode(event) ?? encodeDelta(event)
        return delta === '' ? '' : this.#opening(event.choice) + this.#chunk(event.choice, delta)
      }
      case 'text-delta':
        return this.#opening(event.choice) +
          (tokens
            ? this.#logprobs(event.choice, tokens, encodeDelta(event))
            : this.#text(event.choice, event.text))
      case 'reasoning-delta':
      case 'refusal-delta':
      case 'annotations':
        return this.#opening(event.choice) + this.#chunk(event.choice, encodeDelta(event))
    }
  }

  /** The chunk with the role, before the first event of each choice. */
  #opening(choice: number): string {
    if (this.#started.has(choice)) return ''
    this.#started.add(choice)
    return this.#chunk(choice, '{"role":"assistant","content":""}')
  }

  #customInputs(choice: number): string {
    return this.#customCalls.end(choice).map((delta) => this.#chunk(choice, delta)).join('')
  }

  #logprobs(choice: number, tokens: readonly TokenLogprob[], delta = '{}'): string {
    return this.#chunk(choice, delta, 'null', JSON.stringify(encodeLogprobs(tokens)))
  }

  #finish(choice: number, reason: FinishReason): string {
    return this.#chunk(choice, '{}', `"${FINISH_REASONS[reason]}"`)
  }

  /** Nearly every event is a piece of text, whose frame is built once. */
  #text(choice: number, text: string): string {
    const frame = this.#textFrame?.choice === choice
      ? this.#textFrame
      : this.#textFrame = this.#frame(choice)
    return frame.before + JSON.stringify(text) + frame.after
  }

  #frame(choice: number): TextFrame {
    const chunk = this.#chunk(choice, `{"content":${PLACEHOLDER}}`)
    const [before = '', after = ''] = chunk.split(PLACEHOLDER)
    return { choice, before, after }
  }

  /** A template takes half the time of `JSON.stringify()` of the whole chunk (measured). */
  #chunk(choice: number, delta: string, finish = 'null', logprobs = 'null'): string {
    const usage = this.#includeUsage ? ',"usage":null' : ''
    return `${this.#head}${this.#serviceTier},"choices":[{"index":${choice},"delta":${delta},` +
      `"logprobs":${logprobs},"finish_reason":${finish}}]${usage}}\n\n`
  }
}

interface TextFrame {
  choice: number
  before: string
  after: string
}

/** Does not occur in a chunk: JSON escapes control characters. */
const PLACEHOLDER = '\0'

const DONE = 'data: [DONE]\n\n'

type DeltaEvent = Exclude<ChatEvent, { type: 'usage' | 'service-tier' | 'logprobs' | 'finish' }>

function encodeDelta(event: DeltaEvent): string {
  switch (event.type) {
    case 'text-delta':
      return `{"content":${JSON.stringify(event.text)}}`
    case 'reasoning-delta':
      return `{"reasoning_content":${JSON.stringify(event.text)}}`
    case 'refusal-delta':
      return `{"refusal":${JSON.stringify(event.text)}}`
    case 'annotations':
      return JSON.stringify({ annotations: event.annotations.map(encodeAnnotation) })
    case 'tool-call-start':
      return JSON.stringify({
        tool_calls: [{
          index: event.index,
          id: event.id,
          type: 'function',
          function: { name: event.name, arguments: '' },
        }],
      })
    case 'tool-call-delta':
      return `{"tool_calls":[{"index":${event.index},"function":{"arguments":${
        JSON.stringify(event.arguments)
      }}}]}`
  }
}
