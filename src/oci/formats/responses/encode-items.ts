import type { AssistantMessage, MediaPart, Message, Part, TextPart } from '../../../chat/model.ts'
import type { EncodeOptions } from '../format.ts'
import { fileName, readSource, unsupportedMedia } from '../request/media-source.ts'
import type { FunctionOutputItem, InputItem, InputPart } from './wire.ts'

/**
 * Encodes one message as items: none when it is empty, because some models answer 400 to a message
 * without content. Reasoning of earlier turns is not sent.
 */
export function encodeItems(
  message: Message,
  model: string,
  options: EncodeOptions,
): readonly InputItem[] {
  const { developerRole, inputs } = options.profile
  const encode = (part: Part) => encodePart(part, model, inputs)
  switch (message.role) {
    case 'system':
    case 'developer': {
      const role = message.role === 'developer' && developerRole ? 'developer' : 'system'
      return encodeMessage(role, message.content.flatMap(encode))
    }
    case 'user':
      return encodeMessage('user', message.content.flatMap(encode))
    case 'assistant':
      return encodeAssistant(message, options)
    case 'tool': {
      const output = encodeOutput(message.content.flatMap(encode))
      return [{ type: 'function_call_output', call_id: message.toolCallId, output }]
    }
  }
}

function encodeMessage(
  role: 'system' | 'developer' | 'user',
  content: readonly InputPart[],
): readonly InputItem[] {
  return content.length === 0 ? [] : [{ type: 'message', role, content }]
}

/** A single text is sent as a string, which every vendor supports. */
function encodeOutput(parts: readonly InputPart[]): FunctionOutputItem['output'] {
  const [only = { type: 'input_text', text: '(no output)' }, ...others] = parts
  return others.length === 0 && only.type === 'input_text' ? only.text : parts
}

function encodePart(
  part: Part,
  model: string,
  inputs: EncodeOptions['profile']['inputs'],
): readonly InputPart[] {
  if (part.type !== 'text') return [encodeMedia(part, model, inputs)]
  return part.text === '' ? [] : [{ type: 'input_text', text: part.text }]
}

/** Encodes an image or a file. Throws if the model or the format does not support it. */
export function encodeMedia(
  part: MediaPart,
  model: string,
  inputs: EncodeOptions['profile']['inputs'],
): InputPart {
  const source = readSource(part, model, inputs)
  switch (part.type) {
    case 'image':
      return { type: 'input_image', image_url: source.url, detail: 'auto' }
    case 'document':
      return source.type === 'web'
        ? { type: 'input_file', file_url: source.url }
        : { type: 'input_file', filename: fileName(source.mediaType), file_data: source.url }
    case 'audio':
    case 'video':
      throw unsupportedMedia(part, model, 'Responses do not support audio and video')
  }
}

/** A refusal is sent as text. */
function encodeAssistant(
  { content, refusal, toolCalls }: AssistantMessage,
  { names }: EncodeOptions,
): readonly InputItem[] {
  const parts: readonly TextPart[] = refusal
    ? [...content, { type: 'text', text: refusal }]
    : content
  const texts = parts.filter(({ text }) => text !== '')
    .map(({ text }) => ({ type: 'output_text', text }) as const)
  return [
    ...(texts.length > 0 ? [{ type: 'message', role: 'assistant', content: texts } as const] : []),
    ...toolCalls.map((call) => ({
      type: 'function_call' as const,
      call_id: call.id,
      name: names.encode(call.name),
      arguments: call.arguments || '{}',
    })),
  ]
}
