import type {
  AssistantMessage,
  MediaPart,
  Message,
  Part,
  TextPart,
  ToolCall,
} from '../../chat/model.ts'
import { ApiError } from '../../errors.ts'
import type { ChatCompletionRequest, ChatMessage, ContentPart } from './schema.ts'

type Assistant = Extract<ChatMessage, { role: 'assistant' }>
type Content = string | readonly ContentPart[] | null | undefined

/** Decodes OpenAI's messages. An old `function_call` and its result get the same generated id. */
export function decodeMessages(messages: ChatCompletionRequest['messages']): Message[] {
  /** Index of the message with the latest call of each function. */
  const lastCalls = new Map<string, number>()
  return messages.map((message, index) => {
    if (message.role === 'assistant' && message.function_call) {
      lastCalls.set(message.function_call.name, index)
    }
    return decodeMessage(message, index, lastCalls)
  })
}

function decodeMessage(
  message: ChatMessage,
  index: number,
  lastCalls: ReadonlyMap<string, number>,
): Message {
  const at = `messages[${index}].content`
  switch (message.role) {
    case 'system':
    case 'developer':
      return {
        role: message.role,
        content: decodeText(message.content),
        name: message.name ?? undefined,
      }
    case 'user':
      return {
        role: 'user',
        content: decodeContent(message.content, at),
        name: message.name ?? undefined,
      }
    case 'assistant':
      return decodeAssistant(message, index)
    case 'tool':
      return {
        role: 'tool',
        toolCallId: message.tool_call_id,
        content: decodeContent(message.content, at),
      }
    case 'function':
      return {
        role: 'tool',
        // A result without a call gets an id that no call has.
        toolCallId: functionCallId(lastCalls.get(message.name) ?? -1),
        content: decodeContent(message.content, at),
      }
  }
}

function decodeAssistant(message: Assistant, index: number): AssistantMessage {
  const parts = typeof message.content === 'string' ? [] : message.content ?? []
  const refusals = parts.flatMap((part) => (part.type === 'refusal' ? [part.refusal] : []))
  return {
    role: 'assistant',
    content: typeof message.content === 'string'
      ? decodeText(message.content)
      : parts.flatMap((part) => (part.type === 'text' ? [part] : [])),
    reasoning: firstText(message.reasoning_content, message.reasoning, message.reasoning_text),
    refusal: message.refusal || refusals.join('') || undefined,
    toolCalls: [
      ...(message.tool_calls ?? []).map((call) => decodeCall(call.id, call.function)),
      ...(message.function_call ? [decodeCall(functionCallId(index), message.function_call)] : []),
    ],
    name: message.name ?? undefined,
  }
}

function decodeCall(
  id: string,
  call: { name: string; arguments: string | Readonly<Record<string, unknown>> },
): ToolCall {
  const written = call.arguments
  return {
    id,
    name: call.name,
    arguments: typeof written === 'string' ? written : JSON.stringify(written),
  }
}

function functionCallId(index: number): string {
  return `function${index}`
}

function firstText(...candidates: unknown[]): string | undefined {
  return candidates.find((value): value is string => typeof value === 'string' && value !== '')
}

function decodeText(content: string | readonly TextPart[]): TextPart[] {
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }]
  return content.map(({ text }) => ({ type: 'text', text }))
}

function decodeContent(content: Content, at: string): Part[] {
  if (typeof content === 'string') return decodeText(content)
  return (content ?? []).map((part, index) => decodePart(part, `${at}[${index}]`))
}

function decodePart(part: ContentPart, param: string): Part {
  switch (part.type) {
    case 'text':
      return { type: 'text', text: part.text }
    case 'image_url':
      return { type: 'image', url: addressOf(part.image_url), param }
    case 'video_url':
      return { type: 'video', url: addressOf(part.video_url), param }
    case 'input_audio':
      return { type: 'audio', url: audioUrl(part.input_audio), param }
    case 'file':
      return { type: 'document', url: fileUrl(part.file, param), param }
  }
}

function addressOf(address: string | { url: string }): string {
  return typeof address === 'string' ? address : address.url
}

function audioUrl({ data, format }: { data: string; format: string }): MediaPart['url'] {
  return data.startsWith('data:') ? data : `data:audio/${format};base64,${data}`
}

function fileUrl(
  file: { file_data?: string | null | undefined; file_id?: string | null | undefined },
  param: string,
): string {
  if (file.file_data) return file.file_data
  throw new ApiError(
    'unsupported_content',
    'File ids are not supported. Send "file_data" as a data URL',
    { param: `${param}.file` },
  )
}
