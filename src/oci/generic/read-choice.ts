import { asList, asObject, asText } from '../foreign-json.ts'
import type { WireChoice, WireMessage, WirePart, WireToolCall } from './wire.ts'

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
}

/** The message of a choice, which may have none. */
export function messageOf(choice: WireChoice): WireMessage {
  return asObject(choice.message)
}

/** The words of a message: parts of a kind nobody knows say nothing. */
export function readText(message: WireMessage): MessageText {
  const { content } = message
  const parts = asList(content).map(readPart)
  return {
    text: asText(content) + parts.map((part) => part.text).join(''),
    reasoning: asText(message.reasoningContent) + parts.map((part) => part.reasoning).join(''),
    refusal: asText(message.refusal),
  }
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
    }
  })
}

function readPart(value: unknown): { text: string; reasoning: string } {
  const part: WirePart = asObject(value)
  switch (part.type ?? 'TEXT') {
    case 'TEXT':
      return { text: asText(part.text), reasoning: '' }
    case 'THINKING':
      return { text: '', reasoning: asText(part.thinking) }
    default:
      return { text: '', reasoning: '' }
  }
}
