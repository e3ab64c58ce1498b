import { asList, asObject } from '../../json.ts'
import {
  type MessageText,
  readText,
  readToolCalls,
  type ToolCallPiece,
} from '../response/read-message.ts'
import type { WireChoice, WireMessage } from './wire.ts'

/** What a choice says, whole or a piece of it. */
export function messageOf({ message, delta }: WireChoice): WireMessage {
  return asObject(message ?? delta)
}

/** The words of a message, which is told as OCI's own are, but for its members' names. */
export function readWords(
  { content, reasoning_content, reasoning, refusal }: WireMessage,
): MessageText {
  const reasoningContent = reasoning_content ?? reasoning
  return readText({ content: typed(content), reasoningContent, refusal })
}

/** Its calls; in a stream each piece says which call it belongs to. */
export function readCalls({ tool_calls: toolCalls }: WireMessage): readonly ToolCallPiece[] {
  return readToolCalls({ toolCalls }).map((piece, position) => {
    const { index }: { index?: unknown } = asObject(asList(toolCalls)[position])
    return { ...piece, index: typeof index === 'number' ? index : undefined }
  })
}

/** Parts, where there are any, are typed in lower case. */
function typed(content: unknown): unknown {
  if (!Array.isArray(content)) return content
  return content.map((element) => {
    const part: { type?: unknown } = asObject(element)
    return part.type === 'text' ? { ...part, type: 'TEXT' } : part
  })
}
