import { isJsonObject, type JsonObject } from '../../json-object.ts'
import { newestInput } from '../../chat/newest-input.ts'
import type { ReadableMedia } from '../../chat/readable-media.ts'
import { mapMember } from '../complete.ts'
import {
  kindOf,
  type MapParts,
  type RelayableRequest,
  withReadableMedia,
} from '../relayed-media.ts'
import { kindOfMessage } from './schema.ts'

/** Replaces the media in earlier messages that the model cannot read by text notes. */
export function relayableChat(body: JsonObject, readable: ReadableMedia): RelayableRequest {
  return withReadableMedia(body, mapParts, readable)
}

/**
 * Whether a request must not be relayed: it has media in a message that can have text only, as
 * results of tools. Translating moves them to a user message.
 */
export function hasMisplacedMedia({ messages }: JsonObject): boolean {
  return Array.isArray(messages) && messages.some((message: unknown) => {
    if (!isJsonObject(message) || message['role'] === 'user') return false
    const { content } = message
    return Array.isArray(content) &&
      content.some((part: unknown) => isJsonObject(part) && kindOf(part) !== undefined)
  })
}

const mapParts: MapParts = (body, map) => {
  const { messages } = body
  if (!Array.isArray(messages)) return body
  const newest = newestInput(messages, kindOfMessage)
  return mapMember(body, 'messages', (message, at) => {
    if (!isJsonObject(message)) return message
    const place = { at: `messages[${at}].content`, isNewest: at === newest, textType: 'text' }
    return mapMember(message, 'content', (part, index) => map(part, { ...place, index }))
  })
}
