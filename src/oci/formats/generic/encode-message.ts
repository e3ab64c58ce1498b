import type {
  AssistantMessage,
  MediaPart,
  Message,
  Part,
  TextPart,
  ToolCall,
} from '../../../chat/model.ts'
import { ApiError } from '../../../errors.ts'
import type { ModelProfile } from '../../models/profiles.ts'
import type { EncodeOptions } from '../format.ts'
import { readSource } from '../request/media-source.ts'
import type {
  AssistantMessage as GenericAssistant,
  FunctionCall,
  GenericContent,
  GenericMessage,
  TextContent,
} from './wire.ts'

/** Encodes one message. Reasoning of earlier turns is not sent. */
export function encodeMessage(
  message: Message,
  model: string,
  options: EncodeOptions,
): GenericMessage {
  const { developerRole, inputs } = options.profile
  const encodeParts = (parts: readonly Part[]) =>
    parts.flatMap((part) =>
      part.type === 'text' ? encodeText(part) : [encodeMedia(part, model, inputs)]
    )
  switch (message.role) {
    case 'system':
    case 'developer': {
      const role = message.role === 'developer' && developerRole ? 'DEVELOPER' : 'SYSTEM'
      return { role, content: message.content.flatMap(encodeText), name: message.name }
    }
    case 'user':
      return { role: 'USER', content: encodeParts(message.content), name: message.name }
    case 'assistant':
      return encodeAssistant(message, options)
    case 'tool': {
      const content = encodeParts(message.content)
      return {
        role: 'TOOL',
        toolCallId: message.toolCallId,
        content: content.length > 0 ? content : [{ type: 'TEXT', text: '(no output)' }],
      }
    }
  }
}

/** Empty text is omitted: several models answer 400 to it. */
function encodeText({ text }: TextPart): TextContent[] {
  return text === '' ? [] : [{ type: 'TEXT', text: text.toWellFormed() }]
}

type MediaType = MediaPart['type']

/** Encodes an image or a file. Throws if the model or the format does not support it. */
export function encodeMedia(
  part: MediaPart,
  model: string,
  inputs: ModelProfile['inputs'],
): GenericContent {
  const { type, url, param } = part
  const source = readSource(part, model, inputs, 'a data URL')
  if (source.type === 'data') return mediaContent(type, url, part.detail?.value)
  throw new ApiError(
    'invalid_request',
    `OCI does not fetch the ${type} from its address. Send a data URL instead`,
    { param },
  )
}

function mediaContent(type: MediaType, url: string, detail?: string): GenericContent {
  switch (type) {
    case 'image':
      return { type: 'IMAGE', imageUrl: { url, ...detailOf(detail) } }
    case 'document':
      return { type: 'DOCUMENT', documentUrl: { url } }
    case 'audio':
      return { type: 'AUDIO', audioUrl: { url } }
    case 'video':
      return { type: 'VIDEO', videoUrl: { url } }
  }
}

function detailOf(detail: string | undefined): { detail?: 'HIGH' | 'LOW' } {
  return detail === undefined ? {} : { detail: detail === 'high' ? 'HIGH' : 'LOW' }
}

function encodeAssistant(
  { content, refusal, toolCalls, name }: AssistantMessage,
  { profile, names, signatures }: EncodeOptions,
): GenericAssistant {
  // A refusal is sent as text: many models reject a message that contains only `refusal`.
  const texts = [...content, ...(refusal ? [{ type: 'text', text: refusal } as const] : [])]
    .flatMap(encodeText)
  const filler = profile.emptyToolCallText
  const isFilled = texts.length === 0 && toolCalls.length > 0 && filler !== undefined
  const parts = isFilled ? [{ type: 'TEXT', text: filler } as const] : texts
  return {
    role: 'ASSISTANT',
    content: parts.length > 0 ? parts : undefined,
    toolCalls: toolCalls.length === 0 ? undefined : toolCalls.map((call): FunctionCall => ({
      type: 'FUNCTION',
      id: call.id,
      name: names.encode(call.name),
      arguments: call.arguments.toWellFormed() || '{}',
      ...signatureOf(call, signatures),
    })),
    name,
  }
}

function signatureOf({ id }: ToolCall, signatures: EncodeOptions['signatures']): object {
  const signature = signatures?.of(id)
  return signature === undefined ? {} : { thoughtSignature: signature }
}
