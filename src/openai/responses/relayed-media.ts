import { isJsonObject, type JsonObject } from '../../json-object.ts'
import { type MessageKind, newestInput } from '../../chat/newest-input.ts'
import type { ReadableMedia } from '../../chat/readable-media.ts'
import { mapMember } from '../complete.ts'
import { type MapParts, type RelayableRequest, withReadableMedia } from '../relayed-media.ts'

/** Replaces the media in earlier items that the model cannot read by text notes. */
export function relayableResponse(body: JsonObject, readable: ReadableMedia): RelayableRequest {
  return withReadableMedia(body, mapParts, readable)
}

const mapParts: MapParts = (body, map) => {
  const { input } = body
  if (!Array.isArray(input)) return body
  const newest = newestInput(input, kindOfItem)
  return mapMember(body, 'input', (item, at) => {
    if (!isJsonObject(item)) return item
    const place = {
      isNewest: at === newest,
      textType: item['role'] === 'assistant' ? 'output_text' : 'input_text',
    }
    return ['content', 'output'].reduce<JsonObject>((mapped, key) => {
      const list = { ...place, at: `input[${at}].${key}` }
      return mapMember(mapped, key, (part, index) => map(part, { ...list, index }))
    }, item)
  })
}

/** The kind of an item that was not decoded. */
function kindOfItem(item: unknown): MessageKind {
  if (!isJsonObject(item)) return 'other'
  const { type, role } = item
  if (role === 'user') return 'user'
  return typeof type === 'string' && /_(?:call|output)$/.test(type) ? 'tool' : 'other'
}
