import type { Model } from '../catalogue.ts'
import { badFormat, badRequest, type ServiceError } from '../service-error.ts'
import {
  type GenericChatRequest,
  type GenericMessage,
  type GenericPart,
  mediaUrlOf,
} from './generic-request.ts'
import type { Rule } from './rule.ts'
import { firstProblem } from '../validation.ts'

/** The message rules of all GENERIC families. */
export const MESSAGE_RULES: readonly Rule[] = [
  hasMessages,
  textsAreNotEmpty,
  callsAreComplete,
  mediaAreValid,
]

/** Rejects the role DEVELOPER. */
export function noDeveloper({ messages = [] }: GenericChatRequest): ServiceError | undefined {
  const found = messages.some(({ role }) => role === 'DEVELOPER')
  return found ? badRequest('Invalid role: DEVELOPER is not supported with this model.') : undefined
}

/** Limits the number of images of a request. */
export function atMostImages(count: number): Rule {
  return ({ messages = [] }) => {
    const images = messages.flatMap(({ content }) => content ?? [])
      .filter(({ type }) => type === 'IMAGE').length
    return images > count ? badRequest(`At most ${count} image(s) may be provided`) : undefined
  }
}

function hasMessages({ messages = [] }: GenericChatRequest): ServiceError | undefined {
  return messages.length === 0 ? badFormat('messages: empty') : undefined
}

function textsAreNotEmpty({ messages = [] }: GenericChatRequest): ServiceError | undefined {
  const at = messages.findIndex(isEmpty)
  if (at < 0) return undefined
  return badRequest('Message content cannot be empty', `messages[${at}]: empty content`)
}

/** Only messages with tool calls may lack content. */
function isEmpty({ role, content, toolCalls = [] }: GenericMessage): boolean {
  const parts = content ?? []
  if (parts.length === 0) return role !== 'ASSISTANT' || toolCalls.length === 0
  return parts.some(({ type, text = '' }) => type === 'TEXT' && text === '')
}

/** Arguments are JSON and therefore never empty. */
function callsAreComplete({ messages = [] }: GenericChatRequest): ServiceError | undefined {
  const calls = messages.flatMap(({ toolCalls = [] }) => toolCalls)
  const bad = calls.find((call) => !call.name || !call.arguments || !call.id)
  return bad ? badFormat(`toolCalls: "${bad.id}" lacks its id, name or arguments`) : undefined
}

function mediaAreValid(
  { messages = [] }: GenericChatRequest,
  model: Model,
): ServiceError | undefined {
  return firstProblem(
    messages,
    ({ role, content }) => firstProblem(content ?? [], (part) => checkPart(role, part, model)),
  )
}

function checkPart(role: string, part: GenericPart, model: Model): ServiceError | undefined {
  if (part.type === 'TEXT') return undefined
  const media = mediaUrlOf(part)
  if (!media) return badFormat(`${part.type} part without its URL`)
  if (role !== 'USER') return badRequest(`Content type ${part.type} is not supported for ${role}.`)
  if (!model.inputs.includes(part.type)) {
    return badRequest(`Content type ${part.type} is not supported with this model.`)
  }
  if (media.detail !== undefined && media.detail !== 'AUTO') return badFormat('detail: not AUTO')
  if (/^data:[\w-]+\/[\w.+-]+(?:;[\w-]+=[\w.-]+)*;base64,[A-Za-z0-9+/]+={0,2}$/.test(media.url)) {
    return undefined
  }
  return badRequest(`Invalid ${part.type} url: a base64 data URI is required.`)
}
