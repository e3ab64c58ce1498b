import type { MediaPart, Part, TextPart } from '../../chat/model.ts'
import { ApiError } from '../../errors.ts'
import type { ContentBlock, DocumentBlock, ToolResultBlock } from './schema.ts'

type ImageBlock = Extract<ContentBlock, { type: 'image' }>
type SearchResult = Extract<ContentBlock, { type: 'search_result' }>
type Other = Extract<ContentBlock, { type: 'other' }>

/** Decodes content blocks. `at` is their field in the request, for errors. */
export function decodeBlocks(content: string | readonly ContentBlock[], at: string): Part[] {
  if (typeof content === 'string') return content === '' ? [] : [textPart(content)]
  return content.flatMap((block, index) => decodeBlock(block, `${at}[${index}]`))
}

/** Decodes one content block. */
export function decodeBlock(block: ContentBlock, at: string): Part[] {
  switch (block.type) {
    case 'image':
      return [decodeImage(block, at)]
    case 'document':
      return decodeDocument(block, at)
    case 'text':
    case 'search_result':
    case 'tool_reference':
    case 'other':
      return [decodeTextBlock(block, at)]
  }
}

/** Decodes a block that becomes text. */
export function decodeTextBlock(
  block: Exclude<ContentBlock, ImageBlock | DocumentBlock>,
  at: string,
): TextPart {
  switch (block.type) {
    case 'text':
      return textPart(block.text)
    case 'search_result':
      return textPart(describeSearchResult(block))
    case 'tool_reference':
      return textPart(`[tool_reference] ${block.tool_name}`)
    case 'other':
      return textPart(describeOther(block, at))
  }
}

/** Decodes a tool's result. A failure becomes text, since only Anthropic has a flag for it. */
export function decodeResult({ content, is_error: isError }: ToolResultBlock, at: string): Part[] {
  const parts = decodeBlocks(content ?? [], `${at}.content`)
  if (!isError) return parts
  const [first, ...rest] = parts
  return first?.type === 'text'
    ? [textPart(`Error: ${first.text}`), ...rest]
    : [textPart('Error'), ...parts]
}

function decodeImage({ source }: ImageBlock, param: string): MediaPart {
  switch (source.type) {
    case 'base64':
      return { type: 'image', url: dataUrl(source), param }
    case 'url':
      return { type: 'image', url: source.url, param }
    case 'file':
      throw fileIdUnsupported(`${param}.source`)
  }
}

function decodeDocument(block: DocumentBlock, param: string): Part[] {
  const heading = [block.title, block.context].filter(Boolean).join('\n')
  return [...(heading === '' ? [] : [textPart(heading)]), ...decodeSource(block, param)]
}

function decodeSource({ source }: DocumentBlock, param: string): Part[] {
  switch (source.type) {
    case 'text':
      return [textPart(source.data)]
    case 'content':
      return decodeBlocks(source.content, `${param}.source.content`)
    case 'base64':
      return [{ type: 'document', url: dataUrl(source), param }]
    case 'url':
      return [{ type: 'document', url: source.url, param }]
    case 'file':
      throw fileIdUnsupported(`${param}.source`)
  }
}

function dataUrl({ media_type: type, data }: { media_type: string; data: string }): string {
  return `data:${type};base64,${data}`
}

function describeSearchResult({ title, source, content }: SearchResult): string {
  return [`[search_result] ${title} (${source})`, ...content.map(({ text }) => text)].join('\n')
}

/** Members that only the model that wrote them can use. */
const OPAQUE = new Set([
  ...['cache_control', 'signature'],
  ...['encrypted_content', 'encrypted_index', 'encrypted_stdout'],
])

function describeOther({ block: { type, ...rest } }: Other, at: string): string {
  if (type === 'container_upload') throw fileIdUnsupported(at)
  const json = JSON.stringify(rest, (key, value: unknown) => OPAQUE.has(key) ? undefined : value)
  return `[${type}] ${json}`
}

function fileIdUnsupported(param: string): ApiError {
  return new ApiError(
    'unsupported_content',
    'File ids are not supported. Send the file as "base64"',
    { param },
  )
}

function textPart(text: string): TextPart {
  return { type: 'text', text }
}
