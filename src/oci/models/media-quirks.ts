import type { ChatRequest, MediaPart } from '../../chat/model.ts'
import { kindOfMessage, newestInput } from '../../chat/newest-input.ts'
import type { ModelProfile } from './profiles.ts'
import type { ProfileQuirk } from './quirk.ts'

type Kind = MediaPart['type']

/** Words for each kind of media in the errors of OCI and the vendors. */
const WORDS: readonly (readonly [kind: Kind, words: RegExp])[] = [
  ['image', /\bimages?\b|\bimage_url\b|\binput_image\b|\bvision\b|\bmulti-?modal\b/i],
  ['audio', /\baudio\b|\binput_audio\b/i],
  ['video', /\bvideos?\b|\bvideo_url\b/i],
  ['document', /\bdocuments?\b|\bfiles?\b|\binput_file\b|\bpdfs?\b/i],
]

/** The model reads no such media. */
const OF_MODEL =
  /not supported (?:with|by|for|on|in) |does(?: not|n't) support |is not a multi-?modal/i
/** The error is about one image, not about the model. */
const OF_CONTENT =
  /\b(?:format|mime|url|base64|decod\w*|corrupt\w*|invalid|size|bytes|large|pixels?)\b/i

const MOST_IMAGES =
  /\b(?:at most|maximum(?: of)?|more than|up to|limit(?: of| is)?:?) (\d{1,3}) images?\b/i

/**
 * Infers from a rejection that the model does not read a kind of media, or only some images. Only
 * for requests whose earlier messages have any: without them, the request may be accepted.
 */
export function inferMediaQuirk(
  message: string,
  { inputs, maxImages }: ModelProfile,
  request: ChatRequest | undefined,
): ProfileQuirk | undefined {
  const earlier = earlierMedia(request)
  if (earlier.size === 0) return undefined
  const most = MOST_IMAGES.exec(message)?.[1]
  if (most !== undefined && Number(most) > 0) {
    const max = Number(most)
    if (!earlier.has('image') || max === maxImages) return undefined
    return { type: 'profile', name: `at most ${max} images`, change: () => ({ maxImages: max }) }
  }
  const isOfModel = OF_MODEL.test(message) && !OF_CONTENT.test(message)
  const kind = most !== undefined
    ? 'image'
    : isOfModel
    ? WORDS.find(([, words]) => words.test(message))?.[0]
    : undefined
  if (kind === undefined || !earlier.has(kind) || !inputs.includes(kind)) return undefined
  return {
    type: 'profile',
    name: `without ${kind}`,
    change: ({ inputs }) => ({ inputs: inputs.filter((input) => input !== kind) }),
  }
}

/** The kinds of media in the messages that a client cannot change. */
function earlierMedia(request: ChatRequest | undefined): ReadonlySet<Kind> {
  const messages = request?.messages ?? []
  const newest = newestInput(messages, kindOfMessage)
  const kinds = new Set<Kind>()
  for (const [index, { content }] of messages.entries()) {
    if (index === newest) continue
    for (const { type } of content) if (type !== 'text') kinds.add(type)
  }
  return kinds
}
