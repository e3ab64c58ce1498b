import { asList, asObject, asText } from '../../json.ts'

/** What we look at in a message, in the formats that have messages; believed only when checked. */
export interface WireMessage {
  content?: unknown
  reasoningContent?: unknown
  refusal?: unknown
  toolCalls?: unknown
}

/** `TEXT` and `THINKING` are the kinds we read. */
interface WirePart {
  type?: unknown
  text?: unknown
  thinking?: unknown
}

/** Flat in GENERIC's recordings, nested under `function` in COHEREV2 and in some reports. */
interface WireToolCall {
  id?: unknown
  name?: unknown
  arguments?: unknown
  function?: unknown
  thoughtSignature?: unknown
}

/** What a message says, whole or a piece of it. */
export interface MessageText {
  text: string
  reasoning: string
  refusal: string
}

/** A tool call, whole or a piece of it: what was not said is empty. */
export interface ToolCallPiece {
  id: string
  name: string
  /** Text in nearly every answer, an object in some. */
  arguments: unknown
  /** Of the thought behind the call; empty in nearly every answer. */
  signature: string
  /** Which call of the answer it is, where that is said; else its place in the message tells. */
  index?: number | undefined
}

/** The words of a message: parts of a kind nobody knows say nothing. */
export function readText(message: WireMessage): MessageText {
  let text = asText(message.content)
  let reasoning = asText(message.reasoningContent)
  for (const value of asList(message.content)) {
    const part: WirePart = asObject(value)
    const type = part.type ?? 'TEXT'
    if (type === 'TEXT') text += asText(part.text)
    else if (type === 'THINKING') reasoning += asText(part.thinking)
  }
  return { text, reasoning, refusal: asText(message.refusal) }
}

/** The tool calls of a message, flat or nested, in the order they stand. */
export function readToolCalls(message: WireMessage): readonly ToolCallPiece[] {
  return asList(message.toolCalls).map((element) => {
    const call: WireToolCall = asObject(element)
    const nested: WireToolCall = asObject(call.function)
    return {
      id: asText(call.id),
      name: asText(call.name) || asText(nested.name),
      arguments: call.arguments ?? nested.arguments,
      signature: asText(call.thoughtSignature),
    }
  })
}
