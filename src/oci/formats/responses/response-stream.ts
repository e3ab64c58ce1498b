import type { ChatEvent } from '../../../chat/events.ts'
import type { TokenLogprob } from '../../../chat/model.ts'
import { asJsonText, asList, asObject, asText } from '../../json.ts'
import type { DecodeOptions } from '../format.ts'
import { decodeOpenAiAnnotations } from '../openai/annotations.ts'
import { decodeOpenAiLogprobs } from '../openai/logprobs.ts'
import type { ChoiceStream } from '../response/stream-decoder.ts'
import { createToolCallAssembly, type ToolCallAssembly } from '../response/tool-call-assembly.ts'
import { readEnd } from './read-end.ts'
import {
  readAnnotations,
  type ReadCall,
  type ReadItem,
  readItem,
  readLogprobs,
  THOUGHT_BREAK,
} from './read-item.ts'
import type { WireEvent, WireItem } from './wire.ts'

/** Begins to read the one answer of a response. What no delta brought, whole items do. */
export function createResponseStream(
  choice: number,
  options: DecodeOptions,
): ChoiceStream<WireEvent> {
  return new ResponseStream(choice, options)
}

/** What came of one item of the output so far. */
interface Item {
  /** Its place in the output. */
  index: number
  id: string
  /** Empty until some event tells. */
  type: string
  text: string
  reasoning: string
  refusal: string
  arguments: string
  /** Which of its thoughts was told last. */
  thought: string
  /** Where its text begins in the answer's. */
  start: number | undefined
  /** Whether its call, or the tokens of its text, were told. */
  called: boolean
  rated: boolean
  /** Sources that came by themselves. */
  readonly cited: unknown[]
  settled: boolean
}

class ResponseStream implements ChoiceStream<WireEvent> {
  readonly #choice: number
  readonly #options: DecodeOptions
  readonly #calls: ToolCallAssembly
  readonly #items = new Map<number, Item>()
  /** The first item of each id that OCI gave. */
  readonly #byId = new Map<string, Item>()
  /** The item that began last, and the highest place of any. */
  #last: Item | undefined
  #highest = -1
  #length = 0
  #hasThought = false
  /** Whether there was text or a refusal. */
  #hasSpoken = false
  /** OpenAI's ids of the calls that were told. */
  readonly #called = new Set<string>()
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
          ...this.#say(item, delta),
          ...this.#rate(item, decodeOpenAiLogprobs(event.logprobs, this.#options.alternatives)),
        ]
      case 'response.refusal.delta':
        return this.#refuse(item, delta)
      case 'response.reasoning_summary_text.delta':
        return this.#think(item, thoughtOf('summary', event.summary_index), delta)
      case 'response.reasoning_text.delta':
        return this.#think(item, thoughtOf('content', event.content_index), delta)
      case 'response.function_call_arguments.delta':
        return this.#argue(item, delta)
      case 'response.output_text.annotation.added':
        item.cited.push(event.annotation)
        return []
      case 'response.output_item.added':
        return this.#open(item, asObject(event.item))
      case 'response.output_item.done':
        return this.#settle(item, asObject(event.item))
    }
    return []
  }

  /** By its place, else by its id, else the last one: vendors leave out either. */
  #itemOf({ output_index: place, item_id: id }: WireEvent): Item {
    if (typeof place === 'number') return this.#items.get(place) ?? this.#add(place)
    return this.#byId.get(asText(id)) ?? this.#last ?? this.#add(0)
  }

  #add(index: number): Item {
    const item = newItem(index)
    this.#items.set(index, item)
    this.#last = item
    this.#highest = Math.max(this.#highest, index)
    return item
  }

  #open(item: Item, wire: WireItem): readonly ChatEvent[] {
    this.#name(item, asText(wire.id))
    item.type = asText(wire.type)
    const { call } = readItem(wire)
    return call ? this.#call(item, call) : []
  }

  #name(item: Item, id: string): void {
    if (this.#byId.get(item.id) === item) this.#byId.delete(item.id)
    item.id = id
    if (id !== '' && !this.#byId.has(id)) this.#byId.set(id, item)
  }

  #say(item: Item, text: string): readonly ChatEvent[] {
    if (text === '') return []
    item.start ??= this.#length
    item.text += text
    this.#length += text.length
    this.#hasSpoken = true
    return [{ type: 'text-delta', choice: this.#choice, text }]
  }

  #rate(item: Item, tokens: readonly TokenLogprob[]): readonly ChatEvent[] {
    if (tokens.length === 0) return []
    item.rated = true
    return [{ type: 'logprobs', choice: this.#choice, tokens }]
  }

  #refuse(item: Item, text: string): readonly ChatEvent[] {
    item.refusal += text
    this.#hasSpoken ||= text !== ''
    return text === '' ? [] : [{ type: 'refusal-delta', choice: this.#choice, text }]
  }

  #think(item: Item, thought: string, text: string): readonly ChatEvent[] {
    if (text === '') return []
    const isNext = item.reasoning !== '' && item.thought !== thought
    item.thought = thought
    return this.#tell(item, isNext ? THOUGHT_BREAK + text : text)
  }

  #tell(item: Item, text: string): readonly ChatEvent[] {
    if (text === '') return []
    const between = item.reasoning === '' && this.#hasThought ? THOUGHT_BREAK : ''
    item.reasoning += text
    this.#hasThought = true
    return [{ type: 'reasoning-delta', choice: this.#choice, text: between + text }]
  }

  #call(item: Item, { id, name }: ReadCall): readonly ChatEvent[] {
    if (item.called || name === '') return []
    item.called = true
    this.#called.add(id)
    const { index } = item
    return this.#calls.push([{ id, name, arguments: '', signature: '', index }])
  }

  #argue(item: Item, json: string): readonly ChatEvent[] {
    if (json === '') return []
    item.arguments += json
    const { index } = item
    return this.#calls.push([{ id: '', name: '', arguments: json, signature: '', index }])
  }

  /** Tells what the deltas left out of an item, or all of it where there were none. */
  #settle(item: Item, wire: WireItem): readonly ChatEvent[] {
    if (item.settled) return []
    item.settled = true
    item.type = asText(wire.type)
    const { text, reasoning, refusal, call } = readItem(wire)
    const tokens = item.rated ? [] : readLogprobs(wire, this.#options.alternatives)
    return [
      ...this.#tell(item, rest(item.reasoning, reasoning)),
      ...this.#say(item, rest(item.text, text)),
      ...this.#rate(item, tokens),
      ...this.#refuse(item, rest(item.refusal, refusal)),
      ...this.#cite(item, wire),
      ...(call ? this.#call(item, call) : []),
      ...(call ? this.#argue(item, rest(item.arguments, asJsonText(call.arguments))) : []),
    ]
  }

  #cite({ start = this.#length, cited }: Item, wire: WireItem): readonly ChatEvent[] {
    const whole = readAnnotations(wire, start)
    const annotations = whole.length > 0 ? whole : decodeOpenAiAnnotations(cited, start)
    return annotations.length === 0
      ? []
      : [{ type: 'annotations', choice: this.#choice, annotations }]
  }

  #end({ type, response }: WireEvent): readonly ChatEvent[] {
    const whole: { output?: unknown } = asObject(response)
    // Chosen first: what is told now does not make the next item known.
    const left = asList(whole.output).flatMap((item, index) => this.#left(asObject(item), index))
    const events = left.flatMap(({ item, wire }) => this.#settle(item, wire))
    this.finished = true
    const closing = this.#calls.end()
    const status = asText(type).replace('response.', '')
    const reason = readEnd({ ...whole, status }, this.#calls.count, this.#options)
    return [...events, ...closing, { type: 'finish', choice: this.#choice, reason }]
  }

  /** An item of the whole answer, unless it was streamed at another place. */
  #left(wire: WireItem, index: number): readonly { item: Item; wire: WireItem }[] {
    const known = this.#items.get(index)
    if (known && (known.type === '' || known.type === wire.type)) return [{ item: known, wire }]
    if (this.#knows(readItem(wire))) return []
    return [{ item: this.#add(this.#highest + 1), wire }]
  }

  #knows({ reasoning, call }: ReadItem): boolean {
    if (reasoning !== '') return this.#hasThought
    if (call) return call.id === '' ? this.#calls.count > 0 : this.#called.has(call.id)
    return this.#hasSpoken
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
    thought: '',
    start: undefined,
    called: false,
    rated: false,
    cited: [],
    settled: false,
  }
}

/** Which thought of an item a piece belongs to; the number comes from OCI and may be anything. */
function thoughtOf(list: 'summary' | 'content', index: unknown): string {
  return typeof index === 'number' ? `${list} ${index}` : list
}

/** What is left of the whole once some of it was said; nothing where it was said otherwise. */
function rest(said: string, whole: string): string {
  return whole.startsWith(said) ? whole.slice(said.length) : ''
}
