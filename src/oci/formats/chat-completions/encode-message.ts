import type {
  AssistantMessage,
  MediaPart,
  Message,
  Part,
  TextPart,
  ToolMessage,
} from '../../../chat/model.ts'
import type { EncodeOptions } from '../format.ts'
import { fileName, readSource, unsupportedMedia } from '../request/media-source.ts'
import type { ModelProfile } from '../../models/profiles.ts'
import type { ChatAssistantMessage, ChatMessage, ChatPart, ChatText, ChatTextPart } from './wire.ts'

/** Encodes one message. Reasoning of earlier turns is not sent. */
export function encodeMessage(
  message: Message,
  model: string,
  options: EncodeOptions,
): ChatMessage {
  const { developerRole, inputs } = options.profile
  switch (message.role) {
    case 'system':
    case 'developer': {
      const role = message.role === 'developer' && developerRole ? 'developer' : 'system'
      return { role, content: encodeTexts(message.content), name: message.name }
    }
    case 'user':
      return {
        role: 'user',
        content: encodeParts(message.content, model, inputs),
        name: message.name,
      }
    case 'assistant':
      return encodeAssistant(message, options)
    case 'tool': {
      const content = encodeTexts(textsOf(message, model))
      return {
        role: 'tool',
        tool_call_id: message.toolCallId,
        content: content.length > 0 ? content : '(no output)',
      }
    }
  }
}

function encodeTexts(parts: readonly TextPart[]): ChatText {
  const texts = parts.flatMap(encodeText)
  return texts.length > 1 ? texts : texts[0]?.text ?? ''
}

/** Empty text is omitted: several models answer 400 to it. */
function encodeText({ text }: TextPart): readonly ChatTextPart[] {
  return text === '' ? [] : [{ type: 'text', text }]
}

function encodeParts(
  parts: readonly Part[],
  model: string,
  inputs: ModelProfile['inputs'],
): string | readonly ChatPart[] {
  const texts = parts.filter((part) => part.type === 'text')
  if (texts.length === parts.length) return encodeTexts(texts)
  return parts.flatMap((part): readonly ChatPart[] =>
    part.type === 'text' ? encodeText(part) : [encodeMedia(part, model, inputs)]
  )
}

const AUDIO_FORMATS = new Map<string, 'wav' | 'mp3'>([
  ['audio/wav', 'wav'],
  ['audio/wave', 'wav'],
  ['audio/x-wav', 'wav'],
  ['audio/mp3', 'mp3'],
  ['audio/mpeg', 'mp3'],
])

/** Encodes an image or a file. Throws if the model or the format does not support it. */
export function encodeMedia(
  part: MediaPart,
  model: string,
  inputs: ModelProfile['inputs'],
): ChatPart {
  const source = readSource(part, model, inputs)
  if (part.type === 'image') return { type: 'image_url', image_url: { url: source.url } }
  if (part.type === 'video') {
    throw unsupportedMedia(part, model, 'chat completions do not support video')
  }
  if (source.type === 'web') throw unsupportedMedia(part, model, 'send a data URL')
  if (part.type === 'document') {
    return { type: 'file', file: { filename: fileName(source.mediaType), file_data: source.url } }
  }
  const format = AUDIO_FORMATS.get(source.mediaType)
  if (!format) throw unsupportedMedia(part, model, 'send WAV or MP3')
  return { type: 'input_audio', input_audio: { data: source.base64, format } }
}

function encodeAssistant(
  { content, refusal, toolCalls, name }: AssistantMessage,
  { profile, names }: EncodeOptions,
): ChatAssistantMessage {
  // A refusal is sent as text: many models reject a message that contains only `refusal`.
  const text = encodeTexts([
    ...content,
    ...(refusal ? [{ type: 'text', text: refusal } as const] : []),
  ])
  const filler = toolCalls.length > 0 ? profile.emptyToolCallText : undefined
  return {
    role: 'assistant',
    content: text.length > 0 ? text : filler,
    tool_calls: toolCalls.length === 0 ? undefined : toolCalls.map((call) => ({
      id: call.id,
      type: 'function',
      function: { name: names.encode(call.name), arguments: call.arguments || '{}' },
    })),
    name,
  }
}

/** Tool results are texts in chat completions. */
function textsOf({ content }: ToolMessage, model: string): readonly TextPart[] {
  return content.map((part) => {
    if (part.type === 'text') return part
    throw unsupportedMedia(part, model, 'tool results must be text')
  })
}
