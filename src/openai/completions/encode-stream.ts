import type { ChatEvent } from '../../chat/events.ts'
import { encodeWithLogprobs } from '../../chat/join-logprobs.ts'
import type { TokenLogprob, Usage } from '../../chat/model.ts'
import type { StreamEncoder } from '../../chat/stream-encoder.ts'
import type { ApiError } from '../../errors.ts'
import { encodeUsage } from '../chat/encode.ts'
import { encodeErrorEvent } from '../error.ts'
import type { ReplyIdentity } from '../chat/wire.ts'
import { type Echo, encodeLogprobs, FINISH_REASONS } from './encode.ts'

export interface StreamOptions {
  includeUsage: boolean
  echo: Echo
  /** Number of choices. */
  choices: number
}

/** Creates the encoder of one stream of `text_completion` chunks. */
export function createStreamEncoder(
  identity: ReplyIdentity,
  options: StreamOptions,
): StreamEncoder {
  return new ChunkEncoder(identity, options)
}

class ChunkEncoder implements StreamEncoder {
  readonly #head: string
  readonly #options: StreamOptions
  /** For each choice, the offset in its text of the next token with a probability. */
  readonly #offsets = new Map<number, number>()
  #usage: Usage | undefined

  constructor({ id, created, model }: ReplyIdentity, options: StreamOptions) {
    this.#head = `data: {"id":${JSON.stringify(id)},"object":"text_completion",` +
      `"created":${created},"model":${JSON.stringify(model)}`
    this.#options = options
  }

  start(): string {
    const { echo, choices } = this.#options
    const prompts = Array.from({ length: choices }, (_, choice) => echo(choice))
    return prompts.map((prompt, choice) => prompt === '' ? '' : this.#chunk(choice, prompt)).join(
      '',
    )
  }

  encode(events: readonly ChatEvent[]): string {
    return encodeWithLogprobs(events, (event, tokens) => this.#encodeEvent(event, tokens))
  }

  end(): string {
    if (!this.#options.includeUsage || !this.#usage) return DONE
    const usage = JSON.stringify(encodeUsage(this.#usage))
    return `${this.#head},"choices":[],"usage":${usage}}\n\n${DONE}`
  }

  fail(error: ApiError): string {
    return encodeErrorEvent(error)
  }

  heartbeat(): string {
    return this.#chunk(0, '')
  }

  /** Events that this API has no member for, such as reasoning, are skipped. */
  #encodeEvent(event: ChatEvent, tokens: readonly TokenLogprob[] | undefined): string {
    switch (event.type) {
      case 'usage':
        this.#usage = event.usage
        return ''
      case 'text-delta':
        return tokens
          ? this.#logprobs(event.choice, tokens, event.text)
          : this.#chunk(event.choice, event.text)
      case 'refusal-delta':
        return this.#chunk(event.choice, event.text)
      case 'logprobs':
        return this.#logprobs(event.choice, event.tokens)
      case 'finish':
        return this.#chunk(event.choice, '', `"${FINISH_REASONS[event.reason]}"`)
      case 'reasoning-delta':
      case 'tool-call-start':
      case 'tool-call-delta':
      case 'annotations':
      case 'service-tier':
        return ''
    }
  }

  #logprobs(choice: number, tokens: readonly TokenLogprob[], text = ''): string {
    const start = this.#offsets.get(choice) ?? this.#options.echo(choice).length
    const length = tokens.reduce((sum, { token }) => sum + token.length, 0)
    this.#offsets.set(choice, start + length)
    return this.#chunk(choice, text, 'null', JSON.stringify(encodeLogprobs(tokens, start)))
  }

  #chunk(choice: number, text: string, finish = 'null', logprobs = 'null'): string {
    const usage = this.#options.includeUsage ? ',"usage":null' : ''
    return `${this.#head},"choices":[{"index":${choice},"text":${JSON.stringify(text)},` +
      `"logprobs":${logprobs},"finish_reason":${finish}}]${usage}}\n\n`
  }
}

const DONE = 'data: [DONE]\n\n'
