import type { Part, TextPart } from '../../chat/model.ts'
import { ApiError } from '../../errors.ts'
import type { ContentPart } from './items-schema.ts'

export type Content = string | readonly ContentPart[]

/** Decodes the content of a user or a tool. `at` is its field in the request, for errors. */
export function decodeParts(content: Content, at: string): Part[] {
  if (typeof content === 'string') return textOf(content)
  return content.map((part, index) => decodePart(part, `${at}[${index}]`))
}

/** Decodes text-only content, of the system or the assistant. Refusals are left to the caller. */
export function decodeTexts(content: Content, at: string): TextPart[] {
  if (typeof content === 'string') return textOf(content)
  return content.flatMap((part, index): TextPart[] => {
    if (part.type === 'refusal') return []
    const decoded = decodePart(part, `${at}[${index}]`)
    if (decoded.type === 'text') return [decoded]
    throw new ApiError(
      'unsupported_content',
      `${decoded.type} parts are allowed in user messages and tool outputs only`,
      { param: decoded.param },
    )
  })
}

function textOf(text: string): TextPart[] {
  return text === '' ? [] : [{ type: 'text', text }]
}

function decodePart(part: ContentPart, param: string): Part {
  switch (part.type) {
    case 'input_text':
    case 'output_text':
    case 'text':
      return { type: 'text', text: part.text }
    case 'refusal':
      return { type: 'text', text: part.refusal }
    case 'input_image': {
      const { image_url: url } = part
      if (!url) throw fileIdUnsupported('an image', 'image_url', `${param}.file_id`)
      return { type: 'image', url: typeof url === 'string' ? url : url.url, param }
    }
    case 'input_file': {
      const url = part.file_data || part.file_url
      if (!url) throw fileIdUnsupported('a file', 'file_data', `${param}.file_id`)
      return { type: 'document', url, param }
    }
    case 'input_audio': {
      const { data, format } = part.input_audio
      const url = data.startsWith('data:') ? data : `data:audio/${format};base64,${data}`
      return { type: 'audio', url, param }
    }
  }
}

function fileIdUnsupported(what: string, member: string, param: string): ApiError {
  return new ApiError(
    'unsupported_content',
    `File ids are not supported. Send ${what} in "${member}" as a data URL`,
    { param },
  )
}
