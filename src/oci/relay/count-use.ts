import type { CountedCall } from '../call.ts'
import { decodeUsage } from '../formats/response/usage.ts'
import { renameUsage } from '../formats/openai/usage.ts'
import { asList, asObject, parseJson } from '../json.ts'
import type { Relayed } from './read-answer.ts'

type Bytes = Uint8Array<ArrayBuffer>
type Json = Readonly<Record<string, unknown>>

/** What is known about the request of an answer. */
export interface CountOptions {
  /** Whether the client gets the token counts of a stream. */
  includesUsage: boolean
}

/** Nano-dollars in a dollar. */
const DOLLAR = 1e9

/** Counts an answer of OCI's OpenAI endpoint as it is passed on, and adds its cost to the usage. */
export function countRelayed(
  answer: Relayed,
  use: CountedCall,
  { includesUsage }: CountOptions = { includesUsage: true },
): Relayed {
  switch (answer.type) {
    case 'whole':
      return { type: 'whole', json: countWhole(answer.json as Json, use) }
    case 'stream':
      return { type: 'stream', batches: new CountedBatches(answer.batches, use, includesUsage) }
  }
}

function countWhole(json: Json, use: CountedCall): object {
  for (const choice of asList(json['choices'])) countDelta(member(choice, 'message'), use)
  for (const item of asList(json['output'])) countItem(item, use)
  const cost = countUsage(json['usage'], use)
  use.complete(storedId(json))
  return cost === undefined ? json : { ...json, usage: withCost(json['usage'], cost) }
}

/** Counts each event of a stream. Not a generator: its `return()` would wait for the pending read. */
class CountedBatches implements AsyncIterableIterator<Bytes, undefined> {
  readonly #batches: AsyncIterator<Bytes, undefined>
  readonly #use: CountedCall
  readonly #includesUsage: boolean
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  readonly #encoder = new TextEncoder()

  constructor(batches: AsyncIterable<Bytes>, use: CountedCall, includesUsage: boolean) {
    this.#batches = batches[Symbol.asyncIterator]()
    this.#use = use
    this.#includesUsage = includesUsage
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async next(): Promise<IteratorResult<Bytes, undefined>> {
    for (;;) {
      const result = await this.#batches.next()
      if (result.done) {
        this.#use.complete()
        return result
      }
      const value = this.#count(result.value)
      if (value.length > 0) return { done: false, value }
    }
  }

  async return(): Promise<IteratorResult<Bytes, undefined>> {
    await this.#batches.return?.()
    return { done: true, value: undefined }
  }

  /** The batches have whole events. */
  #count(bytes: Bytes): Bytes {
    const text = this.#decoder.decode(bytes)
    let isChanged = false
    const events = text.split(/(?<=\r?\n\r?\n)/).map((event) => {
      const counted = this.#countEvent(event)
      isChanged ||= counted !== event
      return counted
    })
    return isChanged ? this.#encoder.encode(events.join('')) : bytes
  }

  #countEvent(event: string): string {
    const data = /^data: ?(\{.*)$/m.exec(event)?.[1]
    const json = asObject(data === undefined ? undefined : parseJson(data)) as Json
    const { type, delta, response, choices, usage } = json
    if (typeof delta === 'string') this.#use.text(delta)
    for (const choice of asList(choices)) countDelta(member(choice, 'delta'), this.#use)
    if (typeof type === 'string' && response) {
      countUsage(member(response, 'usage'), this.#use)
      const id = storedId(response as Json)
      if (type === 'response.completed') this.#use.complete(id)
    }
    const cost = countUsage(usage, this.#use)
    const isOnlyUsage = Array.isArray(choices) && choices.length === 0 && Boolean(usage)
    if (isOnlyUsage && !this.#includesUsage) return ''
    if (cost === undefined || data === undefined) return event
    return event.replace(data, () => JSON.stringify({ ...json, usage: withCost(usage, cost) }))
  }
}

/** The text, reasoning and tool calls of a message or a part of one. */
function countDelta(message: unknown, use: CountedCall): void {
  for (const name of ['content', 'reasoning_content', 'reasoning', 'refusal']) {
    const text = member(message, name)
    if (typeof text === 'string') use.text(text)
  }
  for (const call of asList(member(message, 'tool_calls'))) {
    const named = member(call, 'function')
    use.text(textOf(named, 'name') + textOf(named, 'arguments'))
  }
}

/** An item of a response's output. */
function countItem(item: unknown, use: CountedCall): void {
  for (const part of [...asList(member(item, 'content')), ...asList(member(item, 'summary'))]) {
    use.text(textOf(part, 'text') + textOf(part, 'refusal'))
  }
  use.text(textOf(item, 'name') + textOf(item, 'arguments') + textOf(item, 'input'))
}

function countUsage(usage: unknown, use: CountedCall): number | undefined {
  if (typeof usage !== 'object' || usage === null) return undefined
  const counts = decodeUsage(renameUsage(usage))
  return counts && use.usage(counts)
}

function withCost(usage: unknown, nanoDollars: number): object {
  return { ...asObject(usage), cost: nanoDollars / DOLLAR }
}

/** The id of a response of the Responses API. */
function storedId(response: Json): string | undefined {
  const { object, id } = response
  return object === 'response' && typeof id === 'string' ? id : undefined
}

function member(value: unknown, name: string): unknown {
  return (asObject(value) as Json)[name]
}

function textOf(value: unknown, name: string): string {
  const text = member(value, name)
  return typeof text === 'string' ? text : ''
}
