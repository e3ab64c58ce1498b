import { asList, asObject, asText } from '../../json.ts'

/** A message, in the formats that have messages. Members are checked before use. */
export interface WireMessage {
  content?: unknown
  reasoningContent?: unknown
  refusal?: unknown
  toolCalls?: unknown
}

/** Parts of type `TEXT` and `THINKING` are read. */
interface WirePart {
  type?: unknown
  text?: unknown
  thinking?: unknown
}

/** Flat in recordings of GENERIC; nested under `function` in COHEREV2 and in some reports. */
interface WireToolCall {
  id?: unknown
  name?: unknown
  arguments?: unknown
  function?: unknown
  thoughtSignature?: unknown
}

/** The texts of a message, complete or one piece of a stream. */
export interface MessageText {
  text: string
  reasoning: string
  refusal: string
}

/** A tool call, complete or one piece of a stream. Members that the piece lacks are empty. */
export interface ToolCallPiece {
  id: string
  name: string
  /** A text in nearly every response, an object in some. */
  arguments: unknown
  /** The thought signature of the call; empty in nearly every response. */
  signature: string
  /** The index of the call in the choice; its position in the message applies when absent. */
  index?: number | undefined
}

/** Reads the texts of a message. Parts of unknown types are ignored. */
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

/** Reads the tool calls of a message, flat or nested, in their order. */
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
