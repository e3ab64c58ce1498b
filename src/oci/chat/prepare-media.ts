import { isDecodable, readDataUrl, withRegisteredType } from '../../chat/data-url.ts'
import type { ChatRequest, MediaPart, Message, Part } from '../../chat/model.ts'
import { kindOfMessage, newestInput } from '../../chat/newest-input.ts'
import {
  omissionNote,
  omissionWarning,
  printable,
  readsImages,
  readsOnly,
} from '../../chat/readable-media.ts'
import { ApiError } from '../../errors.ts'
import type { ChatFormat } from '../formats/format.ts'
import type { ModelProfile } from '../models/profiles.ts'
import type { AdaptedRequest } from './adapt-request.ts'

/** What decides which media a request may have. */
export interface MediaTarget {
  model: string
  profile: Pick<ModelProfile, 'inputs' | 'maxImages' | 'format' | 'imageDetail'>
  format: Pick<ChatFormat, 'checkMedia'>
}

/**
 * Replaces the images and files that the model cannot read by text notes: clients cannot change
 * earlier turns and tool results. Those of the newest user message stay, so that encoding rejects them.
 */
export function prepareMedia(request: ChatRequest, target: MediaTarget): AdaptedRequest {
  if (!request.messages.some(hasMedia)) return { request, warnings: [] }
  const newest = newestInput(request.messages, kindOfMessage)
  const warnings: string[] = []
  const omit = (part: MediaPart, reason: string): Part => {
    warnings.push(omissionWarning(part.param, part.type, reason))
    return { type: 'text', text: omissionNote(part.type, reason) }
  }
  let hasWarned = false
  const withDetail = ({ detail, ...part }: MediaPart): MediaPart => {
    if (!detail || passesDetail(detail.value, target.profile)) return { ...part, detail }
    if (!hasWarned) warnings.push(`${detail.param}: not supported, left out`)
    hasWarned = true
    return part
  }
  const readable = mapMedia(request.messages, (part, index): Part => {
    const registered = withDetail({ ...part, url: withRegisteredType(part.url) })
    if (index === newest) return registered
    const reason = findProblem(registered, target)
    return reason === undefined ? registered : omit(part, reason)
  })
  const { maxImages } = target.profile
  let excess = maxImages === undefined ? 0 : countImages(readable) - maxImages
  if (excess <= 0) return { request: { ...request, messages: readable }, warnings }
  const reason = readsImages({ ...target.profile, model: target.model })
  // The latest images stay.
  const messages = mapMedia(readable, (part, index) => {
    if (part.type !== 'image' || index === newest || excess <= 0) return part
    excess--
    return omit(part, reason)
  })
  return { request: { ...request, messages }, warnings }
}

function hasMedia({ content }: Message): boolean {
  return content.some(({ type }) => type !== 'text')
}

/** Most tenancies accept AUTO only, see `probe`. */
function passesDetail(value: string, { format, imageDetail }: MediaTarget['profile']): boolean {
  return imageDetail && format === 'GENERIC' && /^(?:low|high)$/.test(value)
}

/** Replaces the media of the messages that can have any. */
function mapMedia(
  messages: readonly Message[],
  map: (part: MediaPart, index: number) => Part,
): readonly Message[] {
  return messages.map((message, index): Message => {
    if (message.role !== 'user' && message.role !== 'tool') return message
    const content = message.content.map((part) => part.type === 'text' ? part : map(part, index))
    return { ...message, content }
  })
}

function countImages(messages: readonly Message[]): number {
  return messages.reduce(
    (count, { content }) =>
      content.reduce((sum, { type }) => type === 'image' ? sum + 1 : sum, count),
    0,
  )
}

/** Why the model cannot read a part; `undefined` if it can. */
function findProblem(
  part: MediaPart,
  { model, profile: { inputs }, format }: MediaTarget,
): string | undefined {
  const { type, url } = part
  const isInput = inputs.includes(type)
  try {
    format.checkMedia(part, model, inputs)
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    if (!isInput) return readsOnly({ model, inputs })
    return readDataUrl(url) ? `${printable(model)} cannot read this ${type}` : 'not a data URL'
  }
  // A text file for a model without documents is sent as text, which `checkMedia()` has read.
  const isData = isInput && readDataUrl(url) !== undefined
  return isData && !isDecodable(url) ? 'its data is not valid base64' : undefined
}
