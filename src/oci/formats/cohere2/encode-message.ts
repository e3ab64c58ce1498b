import type { AssistantMessage, MediaPart, Message, Part, TextPart } from '../../../chat/model.ts'
import type { ModelProfile } from '../../models/profiles.ts'
import { readFile } from '../cohere/documents.ts'
import type { EncodeOptions } from '../format.ts'
import { invalidAddress, unsupportedInput } from '../request/media-source.ts'
import type {
  AssistantMessage as Cohere2Assistant,
  Cohere2Content,
  Cohere2Message,
  Cohere2ToolCall,
  TextContent,
} from './wire.ts'

/** The format requires content in every message. */
const BLANK: TextContent = { type: 'TEXT', text: ' ' }

/** Encodes one message. Reasoning of earlier turns is not sent. */
export function encodeMessage(
  message: Message,
  model: string,
  options: EncodeOptions,
): Cohere2Message {
  const encodeParts = (parts: readonly Part[]) =>
    filled(
      parts.flatMap((part): readonly Cohere2Content[] =>
        part.type === 'text' ? encodeText(part) : [encodeMedia(part, model, options.profile.inputs)]
      ),
    )
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

/** Encodes an image or a file. Throws if the model or the format does not support it. */
export function encodeMedia(
  part: MediaPart,
  model: string,
  inputs: ModelProfile['inputs'],
): Cohere2Content {
  if (part.type !== 'image') {
    return { type: 'DOCUMENT', document: { text: readFile(part, model) } }
  }
  if (!inputs.includes('image')) throw unsupportedInput(part, model, inputs)
  // The only format whose models fetch images from the web.
  if (/^(data|https?):/i.test(part.url)) return { type: 'IMAGE_URL', imageUrl: { url: part.url } }
  throw invalidAddress(part, 'a data URL or a web address')
}

function encodeAssistant(
  { content, refusal, toolCalls }: AssistantMessage,
  { names, profile }: EncodeOptions,
): Cohere2Assistant {
  const texts = [...content, ...(refusal ? [{ type: 'text', text: refusal } as const] : [])]
    .flatMap(encodeText)
  if (toolCalls.length === 0) {
    return { role: 'ASSISTANT', content: filled(texts), toolPlan: undefined, toolCalls: undefined }
  }
  return {
    role: 'ASSISTANT',
    content: [{ type: 'TEXT', text: profile.emptyToolCallText || BLANK.text }],
    // Text before tool calls is the plan, as in the replies of the model.
    toolPlan: texts.map(({ text }) => text).join('\n') || undefined,
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
