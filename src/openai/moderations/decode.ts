import type { ModerationPart, ModerationRequest } from '../../moderation/model.ts'
import { rejectWebAddress } from '../web-address.ts'
import type { ModerationInputPart, ModerationsRequest } from './schema.ts'

/** Decodes OpenAI's request: texts are checked one by one, a list of parts as one subject. */
export function decodeRequest({ input }: ModerationsRequest): ModerationRequest {
  const items = typeof input === 'string' ? [input] : input
  const texts = items.filter((item) => typeof item === 'string')
  const parts = items.map((item, index) => decodePart(item, `input[${index}]`))
  return { subjects: texts.length === items.length ? parts.map((part) => [part]) : [parts] }
}

function decodePart(item: string | ModerationInputPart, param: string): ModerationPart {
  const part = typeof item === 'string' ? { type: 'text' as const, text: item } : item
  switch (part.type) {
    case 'text':
      return part
    case 'image_url': {
      const { url } = part.image_url
      rejectWebAddress(url, `${param}.image_url.url`)
      return { type: 'image', url, param: `${param}.image_url.url` }
    }
  }
}
