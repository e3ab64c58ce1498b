import type {
  AssistantMessage,
  MediaPart,
  Part,
  SystemMessage,
  ToolCall,
  ToolMessage,
  UserMessage,
} from '../../src/chat/model.ts'

export function system(text: string): SystemMessage {
  return { role: 'system', content: [{ type: 'text', text }], name: undefined }
}

export function user(...content: (string | Part)[]): UserMessage {
  return { role: 'user', content: content.map(toPart), name: undefined }
}

export function assistant(text: string, ...toolCalls: ToolCall[]): AssistantMessage {
  return {
    role: 'assistant',
    content: text === '' ? [] : [{ type: 'text', text }],
    reasoning: undefined,
    refusal: undefined,
    toolCalls,
    name: undefined,
  }
}

export function call(id: string, json = '{}', name = 'f'): ToolCall {
  return { id, name, arguments: json }
}

export function tool(toolCallId: string, ...content: (string | Part)[]): ToolMessage {
  return { role: 'tool', toolCallId, content: content.map(toPart) }
}

export function image(param: string): MediaPart {
  return { type: 'image', url: 'data:image/png;base64,iVBORw0KGgo=', param }
}

function toPart(content: string | Part): Part {
  return typeof content === 'string' ? { type: 'text', text: content } : content
}
