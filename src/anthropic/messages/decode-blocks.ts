import { FILE_ID_ADVICE } from '../../chat/file-ids.ts'
import type { MediaPart, Part, TextPart } from '../../chat/model.ts'
import { describeUnknownPart } from '../../chat/unknown-part.ts'
import { ApiError } from '../../errors.ts'
import type { Block, ContentBlock, DocumentBlock, ToolResultBlock } from './schema.ts'

type ImageBlock = Extract<ContentBlock, { type: 'image' }>
type SearchResult = Extract<ContentBlock, { type: 'search_result' }>
type Other = Extract<ContentBlock, { type: 'other' }>

/** Where blocks are, and what to do with those that cannot be translated. */
export interface BlockPlace {
  /** The field of the block: `messages[2].content[1]`. */
  at: string
  /** Whether it is in the input that the client can still change. */
  isNewest: boolean
  warn(text: string): void
}

/** Decodes content blocks. `place` is that of their list. */
export function decodeBlocks(
  content: string | readonly ContentBlock[],
  place: BlockPlace,
): Part[] {
  if (typeof content === 'string') return content === '' ? [] : [textPart(content)]
  return content.flatMap((block, index) =>
    decodeBlock(block, { ...place, at: `${place.at}[${index}]` })
  )
}

/** Decodes one content block. */
export function decodeBlock(block: ContentBlock, place: BlockPlace): Part[] {
  switch (block.type) {
    case 'text':
      return [textPart(block.text)]
    case 'image':
      return [decodeImage(block, place)]
    case 'document':
      return decodeDocument(block, place)
    case 'search_result':
      return [textPart(describeSearchResult(block))]
    case 'tool_reference':
      return [textPart(`[tool_reference] ${block.tool_name}`)]
    case 'other':
      return decodeOther(block, place)
  }
}

/**
 * Decodes a block of a message that can have text only. Media become notes; calls, results and
 * thinking are left to the caller.
 */
export function decodeTextBlock(block: Block, place: BlockPlace): TextPart[] {
  switch (block.type) {
    case 'tool_use':
    case 'tool_result':
    case 'thinking':
    case 'redacted_thinking':
      return []
    case 'text':
    case 'image':
    case 'document':
    case 'search_result':
    case 'tool_reference':
    case 'other':
      return decodeBlock(block, { ...place, isNewest: false }).map((part) =>
        part.type === 'text'
          ? part
          : omitted(part.type, 'only user messages and tool results have it', place)
      )
  }
}

/**
 * Decodes a tool's result, whose content is never refused. A failure becomes text, since only
 * Anthropic has a flag for it.
 */
export function decodeResult(
  { content, is_error: isError }: ToolResultBlock,
  place: BlockPlace,
): Part[] {
  const parts = decodeBlocks(content, { ...place, at: `${place.at}.content`, isNewest: false })
  if (isError !== true) return parts
  const [first, ...rest] = parts
  return first?.type === 'text'
    ? [textPart(`Error: ${first.text}`), ...rest]
    : [textPart('Error'), ...parts]
}

function decodeImage({ source }: ImageBlock, place: BlockPlace): Part {
  const { at: param } = place
  switch (source.type) {
    case 'base64':
      return { type: 'image', url: dataUrl(source), param }
    case 'url':
      return { type: 'image', url: source.url, param }
    case 'file':
      return fileId('image', place, '.source')
  }
}

function decodeDocument(block: DocumentBlock, place: BlockPlace): Part[] {
  const heading = [block.title, block.context].filter(Boolean).join('\n')
  return [...(heading === '' ? [] : [textPart(heading)]), ...decodeSource(block, place)]
}

function decodeSource({ source }: DocumentBlock, place: BlockPlace): Part[] {
  const { at: param } = place
  switch (source.type) {
    case 'text':
      return [textPart(source.data)]
    case 'content':
      return decodeBlocks(source.content, { ...place, at: `${param}.source.content` })
    case 'base64':
      return [{ type: 'document', url: dataUrl(source), param }]
    case 'url':
      return [{ type: 'document', url: source.url, param }]
    case 'file':
      return [fileId('document', place, '.source')]
  }
}

function dataUrl({ media_type: type, data }: { media_type: string; data: string }): string {
  // Some clients send a data URL in place of its data.
  return data.startsWith('data:') ? data : `data:${type};base64,${data}`
}

function describeSearchResult({ title, source, content }: SearchResult): string {
  return [`[search_result] ${title} (${source})`, ...content.map(({ text }) => text)].join('\n')
}

function decodeOther({ block }: Other, place: BlockPlace): Part[] {
  if ('type' in block && block.type === 'container_upload') return [fileId('file', place)]
  const url = imageAddress(block)
  if (url !== undefined) return [{ type: 'image', url, param: place.at }]
  const text = describeUnknownPart(block)
  return text === undefined ? [] : [textPart(text)]
}

/** The address of an image in the form of OpenAI's APIs. */
export function imageAddress(block: object): string | undefined {
  const { type, image_url: image }: { type?: unknown; image_url?: unknown } = block
  if (type !== 'image_url' && type !== 'input_image') return undefined
  const url = typeof image === 'object' && image !== null && 'url' in image ? image.url : image
  return typeof url === 'string' ? url : undefined
}

/** A note for a file at Anthropic, or an error in the newest input. */
function fileId(kind: MediaPart['type'] | 'file', place: BlockPlace, member = ''): TextPart {
  if (!place.isNewest) return omitted(kind, 'file ids are not supported', place)
  throw new ApiError(
    'unsupported_content',
    `File ids are not supported here. Send the file as "base64". ${FILE_ID_ADVICE}`,
    { param: `${place.at}${member}` },
  )
}

function omitted(kind: string, reason: string, { at, warn }: BlockPlace): TextPart {
  warn(`${at}: ${kind} omitted, ${reason}`)
  return textPart(`[${kind} omitted: ${reason}]`)
}

function textPart(text: string): TextPart {
  return { type: 'text', text }
}
