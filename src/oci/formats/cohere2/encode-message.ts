import type { AssistantMessage, Message, Part, TextPart } from '../../../chat/model.ts'
import { ApiError } from '../../../errors.ts'
import { readFile } from '../cohere/documents.ts'
import type { EncodeOptions } from '../format.ts'
import type {
  AssistantMessage as Cohere2Assistant,
  Cohere2Content,
  Cohere2Message,
  Cohere2ToolCall,
  TextContent,
} from './wire.ts'

/** The format has no message without content. */
const BLANK: TextContent = { type: 'TEXT', text: ' ' }

/** Tells one turn. What the model thought in an earlier one is not told again. */
export function encodeMessage(
  message: Message,
  model: string,
  options: EncodeOptions,
): Cohere2Message {
  const encodeParts = (parts: readonly Part[]) =>
    filled(parts.flatMap((part) => encodePart(part, model, options)))
  switch (message.role) {
    case 'system':
    case 'developer':
      return { role: 'SYSTEM', content: filled(message.content.flatMap(encodeText)) }
    case 'user':
      return { role: 'USER', content: encodeParts(message.content) }
    case 'assistant':
      return encodeAssistant(message, options)
    case 'tool':
      return {
        role: 'TOOL',
        toolCallId: message.toolCallId,
        content: encodeParts(message.content),
      }
  }
}

function filled(content: readonly Cohere2Content[]): readonly Cohere2Content[] {
  return content.length > 0 ? content : [BLANK]
}

function encodeText({ text }: TextPart): readonly TextContent[] {
  return text === '' ? [] : [{ type: 'TEXT', text: text.toWellFormed() }]
}

function encodePart(
  part: Part,
  model: string,
  { profile: { inputs } }: EncodeOptions,
): readonly Cohere2Content[] {
  if (part.type === 'text') return encodeText(part)
  if (part.type !== 'image') {
    return [{ type: 'DOCUMENT', document: { text: readFile(part, model) } }]
  }
  const { url, param } = part
  if (!inputs.includes('image')) {
    throw new ApiError(
      'unsupported_content',
      `Cannot send the image to "${model}": it takes ${inputs.join(', ')}`,
      { param },
    )
  }
  // The one format whose models fetch pictures from the web by themselves.
  if (/^(data|https?):/i.test(url)) return [{ type: 'IMAGE_URL', imageUrl: { url } }]
  throw new ApiError('invalid_request', 'Cannot send the image: send a data URL or a web address', {
    param,
  })
}

function encodeAssistant(
  { content, refusal, toolCalls }: AssistantMessage,
  { names, profile }: EncodeOptions,
): Cohere2Assistant {
  const said = [...content, ...(refusal ? [{ type: 'text', text: refusal } as const] : [])]
    .flatMap(encodeText)
  if (toolCalls.length === 0) {
    return { role: 'ASSISTANT', content: filled(said), toolPlan: undefined, toolCalls: undefined }
  }
  return {
    role: 'ASSISTANT',
    content: [{ type: 'TEXT', text: profile.emptyToolCallText || BLANK.text }],
    // Words before a call are a plan, as the model's own come back.
    toolPlan: said.map(({ text }) => text).join('\n') || undefined,
    toolCalls: toolCalls.map((call): Cohere2ToolCall => ({
      id: call.id,
      type: 'FUNCTION',
      function: {
        name: names.encode(call.name),
        arguments: call.arguments.toWellFormed() || '{}',
      },
    })),
  }
}
