import type { ChatEvent } from '../../../chat/events.ts'
import type { TokenLogprob } from '../../../chat/model.ts'
import { asJsonText, asList, asObject, asText } from '../../json.ts'
import type { DecodeOptions } from '../format.ts'
import { decodeOpenAiAnnotations } from '../openai/annotations.ts'
import { decodeOpenAiLogprobs } from '../openai/logprobs.ts'
import type { ToolCallPiece } from '../response/read-message.ts'
import type { ChoiceStream } from '../response/stream-decoder.ts'
import { createToolCallAssembly, type ToolCallAssembly } from '../response/tool-call-assembly.ts'
import { readEnd } from './read-end.ts'
import {
  readAnnotations,
  type ReadItem,
  readItem,
  readLogprobs,
  REASONING_SEPARATOR,
} from './read-item.ts'
import type { WireEvent, WireItem } from './wire.ts'

/** Creates the reader of a response. Complete items supply what no delta contained. */
export function createResponseStream(
  choice: number,
  options: DecodeOptions,
): ChoiceStream<WireEvent> {
  return new ResponseStream(choice, options)
}

/** What was received of one output item so far. */
interface Item {
  /** Its position in the output. */
  index: number
  id: string
  /** Empty until an event contains it. */
  type: string
  text: string
  reasoning: string
  refusal: string
  arguments: string
  /** The part of the reasoning that was sent last. */
  reasoningPart: string
  /** The offset of its text in the complete text. */
  start: number | undefined
  /** Whether its tool call was announced. */
  called: boolean
  hasLogprobs: boolean
  /** Annotations that were received as events of their own. */
  readonly annotations: unknown[]
  completed: boolean
}

class ResponseStream implements ChoiceStream<WireEvent> {
  readonly #choice: number
  readonly #options: DecodeOptions
  readonly #calls: ToolCallAssembly
  readonly #items = new Map<number, Item>()
  /** The first item of each id that OCI gave. */
  readonly #byId = new Map<string, Item>()
  /** The item that began last. */
  #last: Item | undefined
  #highestIndex = -1
  /** The length of the text of all items, in UTF-16 units. */
  #textLength = 0
  #hasReasoning = false
  /** Whether there was text or a refusal. */
  #hasMessage = false
  /** OpenAI's ids of the announced tool calls. */
  readonly #calledIds = new Set<string>()
  finished = false

  constructor(choice: number, options: DecodeOptions) {
    this.#choice = choice
    this.#options = options
    this.#calls = createToolCallAssembly(choice, options)
  }

  push(event: WireEvent): readonly ChatEvent[] {
    if (this.finished) return []
    if (event.response !== undefined) return this.#end(event)
    const item = this.#itemOf(event)
    const delta = asText(event.delta)
    switch (event.type) {
      case 'response.output_text.delta':
        return [
          ...this.#addText(item, delta),
          ...this.#addLogprobs(
            item,
            decodeOpenAiLogprobs(event.logprobs, this.#options.alternatives),
          ),
        ]
      case 'response.refusal.delta':
        return this.#addRefusal(item, delta)
      case 'response.reasoning_summary_text.delta':
        return this.#addReasoningDelta(item, reasoningPartOf('summary', event.summary_index), delta)
      case 'response.reasoning_text.delta':
        return this.#addReasoningDelta(item, reasoningPartOf('content', event.content_index), delta)
      case 'response.function_call_arguments.delta':
        return this.#addArguments(item, delta)
      case 'response.output_text.annotation.added':
        item.annotations.push(event.annotation)
        return []
      case 'response.output_item.added':
        return this.#startItem(item, asObject(event.item))
      case 'response.output_item.done':
        return this.#completeItem(item, asObject(event.item))
    }
    return []
  }

  /** Found by index, else by id, else the last one: vendors omit either. */
  #itemOf({ output_index: index, item_id: id }: WireEvent): Item {
    if (typeof index === 'number') return this.#items.get(index) ?? this.#addItem(index)
    return this.#byId.get(asText(id)) ?? this.#last ?? this.#addItem(0)
  }

  #addItem(index: number): Item {
    const item = newItem(index)
    this.#items.set(index, item)
    this.#last = item
    this.#highestIndex = Math.max(this.#highestIndex, index)
    return item
  }

  #startItem(item: Item, wire: WireItem): readonly ChatEvent[] {
    this.#setId(item, asText(wire.id))
    item.type = asText(wire.type)
    const { call } = readItem(wire)
    return call ? this.#announceCall(item, call) : []
  }

  #setId(item: Item, id: string): void {
    if (this.#byId.get(item.id) === item) this.#byId.delete(item.id)
    item.id = id
    if (id !== '' && !this.#byId.has(id)) this.#byId.set(id, item)
  }

  #addText(item: Item, text: string): readonly ChatEvent[] {
    if (text === '') return []
    item.start ??= this.#textLength
    item.text += text
    this.#textLength += text.length
    this.#hasMessage = true
    return [{ type: 'text-delta', choice: this.#choice, text }]
  }

  #addLogprobs(item: Item, tokens: readonly TokenLogprob[]): readonly ChatEvent[] {
    if (tokens.length === 0) return []
    item.hasLogprobs = true
    return [{ type: 'logprobs', choice: this.#choice, tokens }]
  }

  #addRefusal(item: Item, text: string): readonly ChatEvent[] {
    item.refusal += text
    this.#hasMessage ||= text !== ''
    return text === '' ? [] : [{ type: 'refusal-delta', choice: this.#choice, text }]
  }

  #addReasoningDelta(item: Item, part: string, text: string): readonly ChatEvent[] {
    if (text === '') return []
    const isNextPart = item.reasoning !== '' && item.reasoningPart !== part
    item.reasoningPart = part
    return this.#addReasoning(item, isNextPart ? REASONING_SEPARATOR + text : text)
  }

  #addReasoning(item: Item, text: string): readonly ChatEvent[] {
    if (text === '') return []
    const separator = item.reasoning === '' && this.#hasReasoning ? REASONING_SEPARATOR : ''
    item.reasoning += text
    this.#hasReasoning = true
    return [{ type: 'reasoning-delta', choice: this.#choice, text: separator + text }]
  }

  #announceCall(item: Item, { id, name }: ToolCallPiece): readonly ChatEvent[] {
    if (item.called || name === '') return []
    item.called = true
    this.#calledIds.add(id)
    const { index } = item
    return this.#calls.push([{ id, name, arguments: '', signature: '', index }])
  }

  #addArguments(item: Item, json: string): readonly ChatEvent[] {
    if (json === '') return []
    item.arguments += json
    const { index } = item
    return this.#calls.push([{ id: '', name: '', arguments: json, signature: '', index }])
  }

  /** Emits what no delta of the item contained; the complete item when there were no deltas. */
  #completeItem(item: Item, wire: WireItem): readonly ChatEvent[] {
    if (item.completed) return []
    item.completed = true
    item.type = asText(wire.type)
    const { text, reasoning, refusal, call } = readItem(wire)
    const tokens = item.hasLogprobs ? [] : readLogprobs(wire, this.#options.alternatives)
    return [
      ...this.#addReasoning(item, remainder(item.reasoning, reasoning)),
      ...this.#addText(item, remainder(item.text, text)),
      ...this.#addLogprobs(item, tokens),
      ...this.#addRefusal(item, remainder(item.refusal, refusal)),
      ...this.#addAnnotations(item, wire),
      ...(call ? this.#announceCall(item, call) : []),
      ...(call
        ? this.#addArguments(item, remainder(item.arguments, asJsonText(call.arguments)))
        : []),
    ]
  }

  #addAnnotations(item: Item, wire: WireItem): readonly ChatEvent[] {
    const { start = this.#textLength } = item
    const complete = readAnnotations(wire, start)
    const annotations = complete.length > 0
      ? complete
      : decodeOpenAiAnnotations(item.annotations, start)
    return annotations.length === 0
      ? []
      : [{ type: 'annotations', choice: this.#choice, annotations }]
  }

  #end({ type, response }: WireEvent): readonly ChatEvent[] {
    const complete: { output?: unknown } = asObject(response)
    // Selected before any is completed, because completing one marks its content as streamed.
    const remaining = asList(complete.output)
      .flatMap((item, index) => this.#remainingItem(asObject(item), index))
    const events = remaining.flatMap(({ item, wire }) => this.#completeItem(item, wire))
    this.finished = true
    const closing = this.#calls.end()
    const status = asText(type).replace('response.', '')
    const reason = readEnd({ ...complete, status }, this.#calls.count, this.#options)
    return [...events, ...closing, { type: 'finish', choice: this.#choice, reason }]
  }

  /** An item of the complete response, unless it was streamed at another position. */
  #remainingItem(wire: WireItem, index: number): readonly { item: Item; wire: WireItem }[] {
    const known = this.#items.get(index)
    if (known && (known.type === '' || known.type === wire.type)) return [{ item: known, wire }]
    if (this.#wasStreamed(readItem(wire))) return []
    return [{ item: this.#addItem(this.#highestIndex + 1), wire }]
  }

  #wasStreamed({ reasoning, call }: ReadItem): boolean {
    if (reasoning !== '') return this.#hasReasoning
    if (call) return call.id === '' ? this.#calls.count > 0 : this.#calledIds.has(call.id)
    return this.#hasMessage
  }
}

function newItem(index: number): Item {
  return {
    index,
    id: '',
    type: '',
    text: '',
    reasoning: '',
    refusal: '',
    arguments: '',
    reasoningPart: '',
    start: undefined,
    called: false,
    hasLogprobs: false,
    annotations: [],
    completed: false,
  }
}

/** The part of an item's reasoning that a delta belongs to; OCI may send any value as index. */
function reasoningPartOf(list: 'summary' | 'content', index: unknown): string {
  return typeof index === 'number' ? `${list} ${index}` : list
}

/** The rest of the complete text; empty when the text received before differs from its beginning. */
function remainder(received: string, complete: string): string {
  return complete.startsWith(received) ? complete.slice(received.length) : ''
}
