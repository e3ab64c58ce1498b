import type { ChatEvent, ChatEventBatches } from './events.ts'
import type { ChatReply, Choice, ToolCall } from './model.ts'

/** What some imported models write into their text in place of a tool call. */
const OPEN = '<tool_call>'
const CLOSE = '</tool_call>'

interface Options {
  /** 24 letters and digits, for the ids of the calls. */
  randomId(): string
}

/** Takes tool calls out of the text of a stream; text is held back only while it may become a tag. */
export async function* extractToolCalls(
  batches: ChatEventBatches,
  options: Options,
): ChatEventBatches {
  const extractors = new Map<number, Extractor>()
  for await (const batch of batches) {
    yield batch.flatMap((event) => {
      if (event.type === 'usage' || event.type === 'service-tier') return [event]
      const extractor = extractors.get(event.choice) ?? new Extractor(event.choice, options)
      extractors.set(event.choice, extractor)
      return extractor.take(event)
    })
  }
}

/** The same for a whole answer. */
export function extractFromReply(reply: ChatReply, options: Options): ChatReply {
  return { ...reply, choices: reply.choices.map((choice) => extractFromChoice(choice, options)) }
}

function extractFromChoice(choice: Choice, options: Options): Choice {
  const pieces = [...splitText(choice.text)]
  const calls = pieces.flatMap((piece): ToolCall[] =>
    typeof piece === 'string' ? [] : [{ id: `call${options.randomId()}`, ...piece }]
  )
  if (calls.length === 0) return choice
  return {
    ...choice,
    text: pieces.filter((piece) => typeof piece === 'string').join(''),
    toolCalls: [...choice.toolCalls, ...calls],
    finishReason: choice.finishReason === 'stop' ? 'tool-calls' : choice.finishReason,
  }
}

type WrittenCall = Omit<ToolCall, 'id'>

/** A text as its words and the calls written in it; what only looks like a call stays words. */
function* splitText(text: string): Generator<string | WrittenCall> {
  let rest = text
  for (;;) {
    const start = rest.indexOf(OPEN)
    const end = rest.indexOf(CLOSE, start)
    if (start < 0 || end < 0) return yield rest
    const call = readCall(rest.slice(start + OPEN.length, end))
    const after = end + CLOSE.length
    yield rest.slice(0, call ? start : after)
    if (call) yield call
    rest = rest.slice(after)
  }
}

type ChoiceEvent = Extract<ChatEvent, { choice: number }>

class Extractor {
  readonly #choice: number
  readonly #options: Options
  #held = ''
  #calls = 0
  #extracted = false

  constructor(choice: number, options: Options) {
    this.#choice = choice
    this.#options = options
  }

  take(event: ChoiceEvent): ChatEvent[] {
    switch (event.type) {
      case 'text-delta':
        return this.#read(event.text)
      case 'tool-call-start':
        this.#calls = Math.max(this.#calls, event.index + 1)
        return [event]
      case 'finish': {
        const rest = this.#say(this.#held)
        const isCall = this.#extracted && event.reason === 'stop'
        return [...rest, isCall ? { ...event, reason: 'tool-calls' } : event]
      }
      case 'reasoning-delta':
      case 'refusal-delta':
      case 'tool-call-delta':
      case 'annotations':
      case 'logprobs':
        return [event]
    }
  }

  #read(text: string): ChatEvent[] {
    const whole = this.#held + text
    const settled = settledLength(whole)
    this.#held = whole.slice(settled)
    return [...splitText(whole.slice(0, settled))].flatMap((piece) =>
      typeof piece === 'string' ? this.#say(piece) : this.#call(piece)
    )
  }

  #say(text: string): ChatEvent[] {
    return text === '' ? [] : [{ type: 'text-delta', choice: this.#choice, text }]
  }

  #call({ name, arguments: written }: WrittenCall): ChatEvent[] {
    const place = { choice: this.#choice, index: this.#calls++ }
    this.#extracted = true
    return [
      { type: 'tool-call-start', ...place, id: `call${this.#options.randomId()}`, name },
      { type: 'tool-call-delta', ...place, arguments: written },
    ]
  }
}

/** How much of a text can no longer become part of a call. */
function settledLength(text: string): number {
  const closed = text.lastIndexOf(CLOSE)
  const from = closed < 0 ? 0 : closed + CLOSE.length
  const open = text.indexOf(OPEN, from)
  if (open >= 0) return open
  const longest = Math.min(OPEN.length - 1, text.length - from)
  const lengths = Array.from({ length: longest }, (_, index) => longest - index)
  const prefix = lengths.find((length) => text.endsWith(OPEN.slice(0, length))) ?? 0
  return text.length - prefix
}

/** `{"name": …, "arguments": {…}}`, with `parameters` in some models' mouths. */
function readCall(text: string): WrittenCall | undefined {
  try {
    const call: unknown = JSON.parse(text)
    if (typeof call !== 'object' || call === null || !('name' in call)) return undefined
    const written = 'arguments' in call
      ? call.arguments
      : 'parameters' in call
      ? call.parameters
      : {}
    if (typeof call.name !== 'string') return undefined
    return {
      name: call.name,
      arguments: typeof written === 'string' ? written : JSON.stringify(written ?? {}),
    }
  } catch {
    return undefined
  }
}
