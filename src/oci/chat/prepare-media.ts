import type { ChatRequest, MediaPart, Message, Part } from '../../chat/model.ts'
import { kindOfMessage, newestInput } from '../../chat/newest-input.ts'
import { ApiError } from '../../errors.ts'
import type { ChatFormat } from '../formats/format.ts'
import { isDecodable, readDataUrl, withRegisteredType } from '../formats/request/media-source.ts'
import type { ModelProfile } from '../models/profiles.ts'
import type { AdaptedRequest } from './adapt-request.ts'

/** What decides which media a request may have. */
export interface MediaTarget {
  model: string
  profile: Pick<ModelProfile, 'inputs'>
  format: Pick<ChatFormat, 'checkMedia'>
}

/**
 * Replaces the images and files that the model cannot read by text notes: clients cannot change
 * earlier turns and tool results. Those of the newest user message stay, so that encoding rejects them.
 */
export function prepareMedia(request: ChatRequest, target: MediaTarget): AdaptedRequest {
  const newest = newestInput(request.messages, kindOfMessage)
  const warnings: string[] = []
  const omit = (part: MediaPart): Part => {
    const reason = findProblem(part, target)
    if (reason === undefined) return part
    warnings.push(`${part.param}: ${part.type} omitted, ${reason}`)
    return { type: 'text', text: `[${part.type} omitted: ${reason}]` }
  }
  const prepare = (part: Part, isNewest: boolean): Part => {
    if (part.type === 'text') return part
    const registered = { ...part, url: withRegisteredType(part.url) }
    return isNewest ? registered : omit(registered)
  }
  const messages = request.messages.map((message, index): Message => {
    if (message.role !== 'user' && message.role !== 'tool') return message
    const content = message.content.map((part) => prepare(part, index === newest))
    return { ...message, content }
  })
  return { request: { ...request, messages }, warnings }
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
    if (!isInput) return `${printable(model)} reads ${listOf(inputs)} only`
    return readDataUrl(url) ? `${printable(model)} cannot read this ${type}` : 'not a data URL'
  }
  // A text file for a model without documents is sent as text, which `checkMedia()` has read.
  const isData = isInput && readDataUrl(url) !== undefined
  return isData && !isDecodable(url) ? 'its data is not valid base64' : undefined
}

function listOf(inputs: ModelProfile['inputs']): string {
  return inputs.join(', ').replace(/, (\w+)$/, ' and $1')
}

/** Warnings are a header, which has ASCII only. */
function printable(model: string): string {
  return model.replace(/[^\x21-\x7e]/g, '?')
}
