import { costMember } from '../../chat/cost-member.ts'
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

const RUNNING: ReadonlySet<unknown> = new Set(['queued', 'in_progress'])

function countWhole(json: Json, use: CountedCall): object {
  for (const choice of asList(json['choices'])) countDelta(member(choice, 'message'), use)
  for (const item of asList(json['output'])) countItem(item, use)
  const counted = countMember(json, use)
  // The use of a response in the background is not known yet: its worst case is counted.
  if (!RUNNING.has(json['status'])) use.complete(storedId(json))
  return counted
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
    const isOnlyUsage = Array.isArray(choices) && choices.length === 0 && Boolean(usage)
    const counted = typeof type === 'string' && response
      ? this.#countResponse(json, response as Json)
      : countMember(json, this.#use)
    if (isOnlyUsage && !this.#includesUsage) return ''
    if (counted === json || data === undefined) return event
    return event.replace(data, () => JSON.stringify(counted))
  }

  /** An event of the Responses API with the whole response. */
  #countResponse(event: Json, response: Json): Json {
    const counted = countMember(response, this.#use)
    if (event['type'] === 'response.completed') this.#use.complete(storedId(response))
    return counted === response ? event : { ...event, response: counted }
  }
}

/** Counts the usage of an answer. Returns the answer with its cost, if that is known. */
function countMember(answer: Json, use: CountedCall): Json {
  const { usage } = answer
  const cost = countUsage(usage, use)
  return cost === undefined
    ? answer
    : { ...answer, usage: { ...asObject(usage), ...costMember({ cost }) } }
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
