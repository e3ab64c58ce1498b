import type { Message, Part, TextPart, ToolCall } from '../../src/chat/model.ts'

/** A text part. */
export function text(textContent: string): TextPart {
  return { type: 'text', text: textContent }
}

/** A user message. */
export function user(content: readonly Part[]): Message {
  return { role: 'user', content, name: undefined }
}

/** An assistant message with text, tool calls or both. */
export function assistant(toolCalls: readonly ToolCall[], textContent = ''): Message {
  const content = textContent === '' ? [] : [text(textContent)]
  const nothing = { reasoning: undefined, refusal: undefined, name: undefined }
  return { role: 'assistant', content, toolCalls, ...nothing }
}

/** A tool call. */
export function call(id: string, name: string, json = '{}'): ToolCall {
  return { id, name, arguments: json }
}

/** A tool result. */
export function toolResult(toolCallId: string, textContent: string): Message {
  return { role: 'tool', toolCallId, content: [text(textContent)] }
}
