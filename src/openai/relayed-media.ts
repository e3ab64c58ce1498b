import { isJsonObject, type JsonObject } from '../json-object.ts'
import { withRegisteredType } from '../chat/data-url.ts'
import type { MediaPart } from '../chat/model.ts'
import {
  omissionNote,
  omissionWarning,
  type ReadableMedia,
  readsImages,
  readsOnly,
} from '../chat/readable-media.ts'
import { boundWarnings } from '../chat/warnings.ts'
import { replaceMember } from './complete.ts'

/** The place of a part in a request. */
export interface PartPlace {
  /** The list's field: `messages[2].content`. */
  at: string
  index: number
  /** Whether it is in the newest user message. */
  isNewest: boolean
  /** The type of a part with text in the same list. */
  textType: string
}

/** Maps all parts of a request that can be media, and returns the same request if none changes. */
export type MapParts = (
  body: JsonObject,
  map: (part: unknown, place: PartPlace) => unknown,
) => JsonObject

/** A request for relaying, and what was left out. */
export interface RelayableRequest {
  body: JsonObject
  warnings: readonly string[]
}

/**
 * Replaces the media that a model cannot read by text notes, except in the newest user message: a
 * client cannot change earlier turns and tool results. The rest of the request is kept.
 */
export function withReadableMedia(
  body: JsonObject,
  mapParts: MapParts,
  readable: ReadableMedia,
): RelayableRequest {
  const warnings: string[] = []
  let excess = countExcess(body, mapParts, readable)
  const relayed = mapParts(body, (part, { at, index, isNewest, textType }) => {
    const kind = isJsonObject(part) ? kindOf(part) : undefined
    if (!isJsonObject(part) || !kind) return part
    const isTooMany = kind === 'image' && excess > 0
    const reason = isNewest
      ? undefined
      : isUnreadable(kind, readable)
      ? readsOnly(readable)
      : isTooMany
      ? readsImages(readable)
      : undefined
    if (reason === undefined) return withRegisteredTypes(part)
    if (isTooMany) excess--
    warnings.push(omissionWarning(`${at}[${index}]`, kind, reason))
    return { type: textType, text: omissionNote(kind, reason) }
  })
  return { body: relayed, warnings: boundWarnings(warnings) }
}

/** Types of parts in chat completions and Responses. */
const KINDS: ReadonlyMap<unknown, MediaPart['type']> = new Map([
  ['image_url', 'image'],
  ['input_image', 'image'],
  ['file', 'document'],
  ['input_file', 'document'],
  ['input_audio', 'audio'],
  ['video_url', 'video'],
])

/** The kind of a part; `undefined` if it is text or unknown. */
export function kindOf({ type }: JsonObject): MediaPart['type'] | undefined {
  return KINDS.get(type)
}

/**
 * OCI's OpenAI endpoint may read files and audio that the native actions do not, but not for models
 * without images.
 */
function isUnreadable(kind: MediaPart['type'], { inputs }: ReadableMedia): boolean {
  return !inputs.includes(kind) && !inputs.includes('image')
}

/** Number of images beyond the maximum. The latest images stay. */
function countExcess(body: JsonObject, mapParts: MapParts, readable: ReadableMedia): number {
  const { maxImages } = readable
  if (maxImages === undefined || isUnreadable('image', readable)) return 0
  let count = -maxImages
  mapParts(body, (part) => {
    if (isJsonObject(part) && kindOf(part) === 'image') count++
    return part
  })
  return count
}

function withRegisteredTypes(part: JsonObject): JsonObject {
  const { image_url: image } = part
  if (typeof image === 'string') return replaceMember(part, 'image_url', withRegisteredType(image))
  if (!isJsonObject(image) || typeof image['url'] !== 'string') return part
  return replaceMember(
    part,
    'image_url',
    replaceMember(image, 'url', withRegisteredType(image['url'])),
  )
}
