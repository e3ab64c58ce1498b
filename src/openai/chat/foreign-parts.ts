import { membersOf } from '../loose-json.ts'

/**
 * Returns a content part of Responses or of Messages in the form of chat completions, and any other
 * value unchanged. Clients that switch between APIs have such parts in their histories.
 */
export function toChatPart(part: unknown): unknown {
  const { type, ...members } = membersOf(part)
  switch (type) {
    case 'input_text':
    case 'output_text':
      return { ...members, type: 'text' }
    case 'input_image':
      return typeof members['image_url'] === 'string' ? imagePart(members) : part
    case 'input_file':
      return typeof members['file_data'] === 'string' ? { type: 'file', file: members } : part
    case 'image':
    case 'document':
      return fromSource(type, membersOf(members['source'])) ?? part
    default:
      return part
  }
}

function imagePart({ image_url: url, ...members }: Readonly<Record<string, unknown>>): object {
  return { type: 'image_url', image_url: { ...members, url } }
}

function fromSource(
  type: 'image' | 'document',
  { type: kind, url, data, media_type: mediaType }: Readonly<Record<string, unknown>>,
): object | undefined {
  const address = kind === 'base64' ? `data:${String(mediaType)};base64,${String(data)}` : url
  if (typeof address !== 'string') return undefined
  return type === 'image'
    ? { type: 'image_url', image_url: { url: address } }
    : { type: 'file', file: { file_data: address } }
}
