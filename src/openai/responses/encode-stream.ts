import type { ChatEvent } from '../../chat/events.ts'
import type { Annotation, FinishReason, TokenLogprob, Usage } from '../../chat/model.ts'
import type { StreamEncoder } from '../../chat/stream-encoder.ts'
import { ApiError } from '../../errors.ts'
import {
  encodeResponse,
  endState,
  IN_PROGRESS,
  isTruncated,
  type ResponseFrame,
  usageState,
} from './encode.ts'
import { CALL_PREFIXES } from './call-item.ts'
import { createEventWriter } from './event-writer.ts'
import { encodeFailure } from './error.ts'
import { itemId } from './identity.ts'
import { ItemQueue } from './item-queue.ts'
import type { OutputItem, ResponseObject, ResponseState } from './wire.ts'
import { CallWriter } from './write-call.ts'
import { MessageWriter } from './write-message.ts'
import { ReasoningWriter } from './write-reasoning.ts'

export interface StreamOptions {
  /** Called with the complete response. */
  onComplete?: ((response: ResponseObject) => void) | undefined
}

/** Creates the encoder of one stream of OpenAI's numbered events of a response. */
export function createStreamEncoder(
  frame: ResponseFrame,
  options: StreamOptions = {},
): StreamEncoder {
  return new ResponseEncoder(frame, options)
}

/** An item that gets events, and its index. */
interface Open<Writer> {
  writer: Writer
  index: number
}

/**
 * Reasoning and messages end when an item of another type begins, calls when their arguments are
 * complete or the reply ends.
 */
class ResponseEncoder implements StreamEncoder {
  readonly #frame: ResponseFrame
  readonly #options: StreamOptions
  readonly #write = createEventWriter()
  readonly #items = new ItemQueue()
  readonly #calls = new Map<number, Open<CallWriter>>()
  /** The open reasoning or message. */
  #current: Open<ReasoningWriter | MessageWriter> | undefined
  /** The message with the latest text, which gets the citations. */
  #text: Open<MessageWriter> | undefined
  #reason: FinishReason | undefined
  #usage: Usage | undefined
  #serviceTier: string | undefined

  constructor(frame: ResponseFrame, options: StreamOptions) {
    this.#frame = frame
    this.#options = options
  }

  start(): string {
    const response = JSON.stringify(encodeResponse(this.#frame, IN_PROGRESS))
    return this.#write('response.created', `"response":${response}`) +
      this.#write('response.in_progress', `"response":${response}`)
  }

  encode(events: readonly ChatEvent[]): string {
    let text = ''
    for (let at = 0; at < events.length; at++) {
      const [event, next] = [events[at]!, events[at + 1]]
      // A delta of text has the probabilities of its tokens.
      const tokens = event.type === 'text-delta' && next?.type === 'logprobs' ? next : undefined
      if (tokens) at++
      if ('choice' in event && event.choice !== 0) continue
      text += this.#encodeEvent(event, tokens?.tokens)
    }
    return text
  }

  end(): string {
    const reason = this.#reason
    if (reason === undefined) {
      return this.fail(
        new ApiError('upstream_incomplete', "OCI's reply ended without a finish reason"),
      )
    }
    // Items that began after the finish reason are a part of the response, too.
    const closing = this.#closeAll(reason)
    const response = this.#response(endState(reason, this.#frame))
    this.#options.onComplete?.(response)
    return closing +
      this.#write(`response.${response.status}`, `"response":${JSON.stringify(response)}`)
  }

  fail(error: ApiError): string {
    const state = this.#response({ ...IN_PROGRESS, status: 'failed', error: encodeFailure(error) })
    const response = { ...state, output: state.output.flatMap(withoutProgress) }
    return this.#write('response.failed', `"response":${JSON.stringify(response)}`)
  }

  heartbeat(): string {
    return ': keep-alive\n\n'
  }

  #encodeEvent(event: ChatEvent, tokens: readonly TokenLogprob[] = []): string {
    switch (event.type) {
      case 'text-delta':
        return event.text === '' && tokens.length === 0 ? '' : this.#addText(event.text, tokens)
      case 'logprobs':
        return event.tokens.length === 0 ? '' : this.#addText('', event.tokens)
      case 'refusal-delta':
        return event.text === ''
          ? ''
          : this.#writeMessage((message) => message.addRefusal(event.text))
      case 'reasoning-delta':
        return event.text === '' ? '' : this.#addReasoning(event.text)
      case 'tool-call-start':
        return this.#startCall(event.index, event.id, event.name)
      case 'tool-call-delta':
        return this.#addArguments(event.index, event.arguments)
      case 'annotations':
        return this.#annotate(event.annotations)
      case 'finish':
        this.#reason = event.reason
        return this.#addEmpty(event.reason) + this.#closeAll(event.reason)
      case 'usage':
        this.#usage = event.usage
        return ''
      case 'service-tier':
        this.#serviceTier = event.serviceTier
        return ''
    }
  }

  #addText(text: string, tokens: readonly TokenLogprob[]): string {
    const written = this.#writeMessage((message) => message.addText(text, tokens))
    const current = this.#current
    if (current?.writer instanceof MessageWriter) {
      this.#text = { writer: current.writer, index: current.index }
    }
    return written
  }

  #annotate(annotations: readonly Annotation[]): string {
    if (annotations.length === 0) return ''
    const opening = this.#text ? '' : this.#addText('', [])
    const text = this.#text
    if (!text) return opening
    return opening + this.#items.write(text.index, () => text.writer.annotate(annotations))
  }

  #writeMessage(write: (message: MessageWriter) => string): string {
    const { writer, index } = this.#current ?? {}
    if (writer instanceof MessageWriter && index !== undefined) {
      return this.#items.write(index, () => write(writer))
    }
    const closing = this.#closeCurrent()
    const at = this.#items.length
    const message = new MessageWriter(this.#write, this.#idOf('msg', at), at)
    this.#current = { writer: message, index: at }
    return closing + this.#items.add(message) + this.#items.write(at, () => write(message))
  }

  #addReasoning(text: string): string {
    const { writer, index } = this.#current ?? {}
    if (writer instanceof ReasoningWriter && index !== undefined) {
      return this.#items.write(index, () => writer.addText(text))
    }
    const closing = this.#closeCurrent()
    const at = this.#items.length
    const reasoning = new ReasoningWriter(this.#write, this.#idOf('rs', at), at)
    this.#current = { writer: reasoning, index: at }
    const opening = closing + this.#items.add(reasoning)
    return opening + this.#items.write(at, () => reasoning.addText(text))
  }

  #startCall(call: number, callId: string, name: string): string {
    const closing = this.#closeCurrent()
    const index = this.#items.length
    const tool = this.#frame.toolNames.encode(name)
    const id = this.#idOf(CALL_PREFIXES[tool.type], index)
    const writer = new CallWriter(this.#write, { id, index, callId, tool })
    this.#calls.set(call, { writer, index })
    return closing + this.#items.add(writer)
  }

  #addArguments(call: number, json: string): string {
    const { writer, index } = this.#calls.get(call) ?? {}
    if (!writer || index === undefined) return ''
    return this.#items.write(index, () => writer.addArguments(json))
  }

  /** An empty reply becomes an empty text, as in `encodeReply()`. */
  #addEmpty(reason: FinishReason): string {
    const hasOutput = this.#items.some((item) => !(item instanceof ReasoningWriter))
    return hasOutput || isTruncated(reason) ? '' : this.#addText('', [])
  }

  #closeCurrent(): string {
    const current = this.#current
    this.#current = undefined
    return current ? this.#items.end(current.index, 'completed') : ''
  }

  #closeAll(reason: FinishReason): string {
    this.#current = undefined
    const last = this.#items.length - 1
    return this.#items.endAll((index) =>
      isTruncated(reason) && index === last ? 'incomplete' : 'completed'
    )
  }

  #response(state: Omit<ResponseState, 'output' | 'usage' | 'service_tier'>): ResponseObject {
    return encodeResponse(this.#frame, {
      ...state,
      output: this.#items.begun(),
      ...usageState(this.#usage, this.#serviceTier),
    })
  }

  #idOf(prefix: string, index: number): string {
    return itemId(prefix, this.#frame.identity.id, index)
  }
}

/** A failed response has no item in progress. A patch that is not complete must not be applied. */
function withoutProgress(item: OutputItem): OutputItem[] {
  if (!('status' in item) || item.status !== 'in_progress') return [item]
  return item.type === 'apply_patch_call' ? [] : [{ ...item, status: 'incomplete' }]
}
