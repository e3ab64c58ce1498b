import type { ChatEvent } from '../../chat/events.ts'
import type { Usage } from '../../chat/model.ts'
import { encodeAnnotation, encodeLogprobs, encodeUsage } from './encode.ts'
import { FINISH_REASONS, type ReplyIdentity } from './wire.ts'

/** Turns the events of one answer into OpenAI's chunks, as the text of server-sent events. */
export interface StreamEncoder {
  /** The chunk that says an assistant is going to speak; always the first. */
  start(): string
  /** The chunks of a batch of events; empty when there is nothing to say. */
  encode(events: readonly ChatEvent[]): string
  /** What ends a stream that went well: the usage if the client asked for it, and `[DONE]`. */
  end(): string
  /** A chunk that says nothing: watchdogs that ignore comments see that the stream lives. */
  heartbeat(): string
}

/**
 * Makes the encoder of one stream. The first chunk of each choice carries the role; text, the
 * commonest chunk, is pasted into a template, which takes half the time of a whole JSON.stringify.
 */
export function createStreamEncoder(
  identity: ReplyIdentity,
  options: { includeUsage: boolean },
): StreamEncoder {
  const { id, created, model } = identity
  const head = `data: {"id":${JSON.stringify(id)},"object":"chat.completion.chunk",` +
    `"created":${created},"model":${JSON.stringify(model)}`
  const begun = new Set<number>()
  let usage: Usage | undefined
  let serviceTier = ''

  function chunk(choice: number, delta: string, finish = 'null', rest = ''): string {
    const usageMember = options.includeUsage ? ',"usage":null' : ''
    return `${head}${serviceTier},"choices":[{"index":${choice},"delta":${delta},` +
      `"logprobs":${rest || 'null'},"finish_reason":${finish}}]${usageMember}}\n\n`
  }

  function opening(choice: number): string {
    if (begun.has(choice)) return ''
    begun.add(choice)
    return chunk(choice, '{"role":"assistant","content":""}')
  }

  function encodeEvent(event: ChatEvent): string {
    switch (event.type) {
      case 'usage':
        usage = event.usage
        return ''
      case 'service-tier':
        serviceTier = `,"service_tier":${JSON.stringify(event.serviceTier)}`
        return ''
      case 'logprobs':
        return opening(event.choice) +
          chunk(event.choice, '{}', 'null', JSON.stringify(encodeLogprobs(event.tokens)))
      case 'finish':
        return opening(event.choice) +
          chunk(event.choice, '{}', `"${FINISH_REASONS[event.reason]}"`)
      case 'text-delta':
      case 'reasoning-delta':
      case 'refusal-delta':
      case 'tool-call-start':
      case 'tool-call-delta':
      case 'annotations':
        return opening(event.choice) + chunk(event.choice, encodeDelta(event))
    }
  }

  return {
    start: () => opening(0),
    encode: (events) => events.map(encodeEvent).join(''),
    end() {
      const usageChunk = options.includeUsage && usage
        ? `${head}${serviceTier},"choices":[],"usage":${JSON.stringify(encodeUsage(usage))}}\n\n`
        : ''
      return `${usageChunk}data: [DONE]\n\n`
    },
    heartbeat: () => chunk(0, '{}'),
  }
}

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
