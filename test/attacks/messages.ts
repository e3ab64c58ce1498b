import type { Message, Part, TextPart, ToolCall } from '../../src/chat/model.ts'

/** A text part. */
export function text(words: string): TextPart {
  return { type: 'text', text: words }
}

/** A message of the user. */
export function user(content: readonly Part[]): Message {
  return { role: 'user', content, name: undefined }
}

/** A turn of the assistant that calls tools, says something, or both. */
export function assistant(toolCalls: readonly ToolCall[], words = ''): Message {
  const content = words === '' ? [] : [text(words)]
  const nothing = { reasoning: undefined, refusal: undefined, name: undefined }
  return { role: 'assistant', content, toolCalls, ...nothing }
}

/** A call of a tool. */
export function call(id: string, name: string, json = '{}'): ToolCall {
  return { id, name, arguments: json }
}

/** What a tool answered. */
export function toolResult(toolCallId: string, words: string): Message {
  return { role: 'tool', toolCallId, content: [text(words)] }
}
