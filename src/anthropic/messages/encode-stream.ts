import type { ChatEvent } from '../../chat/events.ts'
import type { FinishReason, Usage } from '../../chat/model.ts'
import type { StreamEncoder } from '../../chat/stream-encoder.ts'
import { ApiError } from '../../errors.ts'
import { encodeErrorEvent } from '../error.ts'
import { BlockQueue } from './block-queue.ts'
import { encodeCounts, encodeEmptyMessage, encodeStop, encodeUsage } from './encode.ts'
import { callName } from './toolsets.ts'
import type { MessageEvent, ReplyIdentity, UsageCounts } from './wire.ts'

/**
 * Creates the encoder of one stream of Anthropic's events. `promptTokens` is the estimate for the
 * start of the stream, where OCI has not counted yet.
 */
export function createStreamEncoder(identity: ReplyIdentity, promptTokens: number): StreamEncoder {
  return new EventEncoder(identity, promptTokens)
}

const PING = 'event: ping\ndata: {"type":"ping"}\n\n'
const STOP = 'event: message_stop\ndata: {"type":"message_stop"}\n\n'

class EventEncoder implements StreamEncoder {
  readonly #identity: ReplyIdentity
  readonly #promptTokens: number
  readonly #blocks = new BlockQueue()
  #refusal = ''
  #reason: FinishReason | undefined
  #usage: Usage | undefined

  constructor(identity: ReplyIdentity, promptTokens: number) {
    this.#identity = identity
    this.#promptTokens = promptTokens
  }

  /** The message without content. OCI reports usage at the end, in the last delta. */
  start(): string {
    const usage = { ...encodeUsage(undefined, undefined), input_tokens: this.#promptTokens }
    const message = encodeEmptyMessage(this.#identity, usage)
    return writeEvent({ type: 'message_start', message }) + PING
  }

  encode(events: readonly ChatEvent[]): string {
    return events.map((event) => this.#encodeEvent(event)).join('')
  }

  end(): string {
    if (this.#reason === undefined) {
      throw new ApiError('upstream_incomplete', "OCI's reply ended without a finish reason")
    }
    return this.#blocks.end() + writeEvent({
      type: 'message_delta',
      delta: { ...encodeStop(this.#reason, this.#refusal), container: null },
      usage: this.#counts(),
      context_management: null,
    }) + STOP
  }

  /** The estimate stays if OCI has not counted. */
  #counts(): UsageCounts {
    const counts = encodeCounts(this.#usage)
    return this.#usage ? counts : { ...counts, input_tokens: this.#promptTokens }
  }

  fail(error: ApiError): string {
    return encodeErrorEvent(error, this.#identity.requestId)
  }

  heartbeat(): string {
    return PING
  }

  #encodeEvent(event: ChatEvent): string {
    switch (event.type) {
      case 'text-delta':
        return this.#blocks.addText('text', event.text)
      case 'reasoning-delta':
        return this.#identity.thinking ? this.#blocks.addText('thinking', event.text) : ''
      case 'refusal-delta':
        this.#refusal += event.text
        return this.#blocks.addText('refusal', event.text)
      case 'tool-call-start':
        return this.#blocks.startCall({
          ...callName(event.name, this.#identity.toolsets ?? []),
          index: event.index,
          id: event.id,
        })
      case 'tool-call-delta':
        return this.#blocks.addArguments(event.index, event.arguments)
      case 'finish':
        this.#reason = event.reason
        return this.#blocks.end()
      case 'usage':
        this.#usage = event.usage
        return ''
      case 'service-tier':
      case 'annotations':
      case 'logprobs':
        return ''
    }
  }
}

function writeEvent(event: MessageEvent): string {
  return `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`
}
