import * as v from 'valibot'
import { FILE_ID_ADVICE } from '../../chat/file-ids.ts'
import { readDetail } from '../../chat/image-detail.ts'
import type { MediaPart, Part, TextPart } from '../../chat/model.ts'
import { describeUnknownPart } from '../../chat/unknown-part.ts'
import { ascii } from '../../chat/warnings.ts'
import { ApiError } from '../../errors.ts'
import { findUnreadMembers } from '../../unread-members.ts'
import { toChatPart } from './foreign-parts.ts'
import { ContentPart } from './schema.ts'

/** Where content is, and what to do with parts that cannot be translated. */
export interface ContentPlace {
  /** The field of the content: `messages[2].content`. */
  at: string
  /** Whether it is the input that the client can still change. */
  isNewest: boolean
  warn(text: string): void
  /** Warns of a member that is left out, once for all messages. */
  warnOnce(at: string, member: string): void
}

/** Decodes the content of a user or a tool, in any form that clients write. */
export function decodeContent(content: unknown, place: ContentPlace): Part[] {
  if (content === undefined || content === null) return []
  if (typeof content === 'string') return content === '' ? [] : [textPart(content)]
  if (!Array.isArray(content)) return decodePart(content, place.at, place)
  return content.flatMap((part, index) => decodePart(part, `${place.at}[${index}]`, place))
}

/**
 * Decodes the content of a user message. Throws an `unsupported_content` that names the first unknown
 * part if nothing else is in the newest input.
 */
export function decodeUserContent(content: unknown, place: ContentPlace): Part[] {
  const parts = decodeContent(content, place)
  const isUsable = parts.some((part) => part.type !== 'text' || part.text !== '')
  if (!place.isNewest || isUsable || !Array.isArray(content)) return parts
  const unknown = content.findIndex((part) => !v.is(ContentPart, toChatPart(part)))
  if (unknown < 0) return parts
  const param = `${place.at}[${unknown}]`
  const message = `${param}: content part of type "${typeOf(content[unknown])}" is not supported`
  throw new ApiError('unsupported_content', message, { param })
}

/** Decodes the content of a message that can have text only. Its media become notes. */
export function decodeTextContent(content: unknown, place: ContentPlace): TextPart[] {
  return decodeContent(content, place).map((part) => {
    if (part.type === 'text') return part
    return omitted(part.type, 'only user messages and tool results have it', part.param, place)
  })
}

function decodePart(part: unknown, at: string, place: ContentPlace): Part[] {
  const known = v.safeParse(ContentPart, toChatPart(part), { abortEarly: true })
  if (known.success) {
    for (const path of findUnreadMembers({ part: ContentPart }, { part: known.output })) {
      place.warnOnce(at, ascii(path.slice('part'.length)))
    }
    return [decodeKnown(known.output, at, place)]
  }
  const type = typeOf(part)
  const text = describeUnknownPart(part)
  place.warn(`${at}: ${type} is not supported, ${text === undefined ? 'left out' : 'sent as text'}`)
  return text === undefined ? [] : [textPart(text)]
}

function decodeKnown(part: ContentPart, param: string, place: ContentPlace): Part {
  switch (part.type) {
    case 'text':
      return textPart(part.text)
    case 'image_url':
      return { type: 'image', url: addressOf(part.image_url), param, ...detailOf(part, param) }
    case 'video_url':
      return { type: 'video', url: addressOf(part.video_url), param }
    case 'input_audio':
      return { type: 'audio', url: audioUrl(part.input_audio), param }
    case 'file':
      return decodeFile(part.file, param, place)
  }
}

function decodeFile(
  { file_data: data, file_id: id }: Extract<ContentPart, { type: 'file' }>['file'],
  param: string,
  place: ContentPlace,
): Part {
  if (data) return { type: 'document', url: data, param }
  if (!place.isNewest) return omitted('file', 'file ids are not supported', param, place)
  throw new ApiError(
    'unsupported_content',
    id
      ? `File ids are not supported here. Send "file_data" as a data URL. ${FILE_ID_ADVICE}`
      : 'A file needs "file_data" with a data URL',
    { param: `${param}.file` },
  )
}

function omitted(kind: string, reason: string, at: string, { warn }: ContentPlace): TextPart {
  warn(`${at}: ${kind} omitted, ${reason}`)
  return textPart(`[${kind} omitted: ${reason}]`)
}

function addressOf(address: string | { url: string }): string {
  return typeof address === 'string' ? address : address.url
}

function detailOf(
  { image_url: image }: Extract<ContentPart, { type: 'image_url' }>,
  param: string,
): Pick<MediaPart, 'detail'> {
  return typeof image === 'object' ? readDetail(image.detail, `${param}.image_url.detail`) : {}
}

function audioUrl({ data, format }: { data: string; format: string }): MediaPart['url'] {
  return data.startsWith('data:') ? data : `data:audio/${format};base64,${data}`
}

/** The type of a part, in the characters of a header. */
function typeOf(part: unknown): string {
  if (typeof part !== 'object' || part === null || !('type' in part)) {
    return 'content without a type'
  }
  return typeof part.type === 'string' ? ascii(part.type) : 'content of this type'
}

function textPart(text: string): TextPart {
  return { type: 'text', text }
}
