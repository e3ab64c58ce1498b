import { firstProblem } from '../../validation.ts'
import type { Model } from '../../catalogue.ts'
import { badFormat, badRequest, type ServiceError } from '../../service-error.ts'
import {
  type Cohere2ChatRequest,
  type Cohere2Message,
  type Cohere2Part,
  functionOf,
} from './request.ts'

/** A request needs a message, and no message may be empty; a space is enough. */
export function messagesAreNotEmpty({ messages }: Cohere2ChatRequest): ServiceError | undefined {
  if (messages.length === 0) return badFormat('messages: empty')
  const at = messages.findIndex(({ content }) => content.length === 0 || content.some(isEmpty))
  if (at < 0) return undefined
  return badRequest('Message content cannot be empty', `messages[${at}]: empty content`)
}

/** Rejects parts that the role or the model does not support. */
export function partsAreValid(
  { messages }: Cohere2ChatRequest,
  model: Model,
): ServiceError | undefined {
  return firstProblem(
    messages,
    ({ role, content }) => firstProblem(content, (part) => checkPart(role, part, model)),
  )
}

/** Command A Vision accepts one image in practice. */
export function hasOneImage({ messages }: Cohere2ChatRequest): ServiceError | undefined {
  const images = messages.flatMap(({ content }) => content)
    .filter(({ type }) => type === 'IMAGE_URL')
  if (images.length < 2) return undefined
  return badRequest(`invalid request: at most 1 image is supported, got ${images.length}`)
}

/** Tool calls need an id and a function with its arguments as JSON. */
export function callsAreComplete({ messages }: Cohere2ChatRequest): ServiceError | undefined {
  const calls = messages.flatMap(({ toolCalls = [] }) => toolCalls)
  const bad = calls.find((call) => !call.id || call.type !== 'FUNCTION' || !isValid(call))
  return bad && badFormat(`toolCalls: "${bad.id}" lacks its id, type, name or arguments`)
}

/** A tool message has to answer a call of the last turn before it. */
export function resultsFollowCalls({ messages }: Cohere2ChatRequest): ServiceError | undefined {
  const unmatched = messages.find((message, at) =>
    message.role === 'TOOL' && !calledBefore(messages, at).includes(message.toolCallId)
  )
  if (!unmatched) return undefined
  return badRequest(
    `Invalid parameter: 'toolCallId' of '${unmatched.toolCallId}' not found in 'toolCalls' of ` +
      'previous message.',
  )
}

/** Every tool call needs a result. */
export function everyCallAnswered({ messages }: Cohere2ChatRequest): ServiceError | undefined {
  const unanswered = messages.flatMap((message, at) => {
    const answered = resultsAfter(messages, at)
    return idsOf(message).filter((id) => !answered.includes(id))
  })
  if (unanswered.length === 0) return undefined
  return badRequest(
    "invalid request: An assistant message with 'tool_calls' must be followed by tool messages " +
      "responding to each 'tool_call_id'. The following tool_call_ids did not have response " +
      `messages: ${unanswered.join(', ')}`,
  )
}

function isEmpty({ type, text = '' }: Cohere2Part): boolean {
  return type === 'TEXT' && text === ''
}

function checkPart(role: string, part: Cohere2Part, model: Model): ServiceError | undefined {
  switch (part.type) {
    case 'TEXT':
      return undefined
    case 'THINKING':
      if (part.thinking === undefined) return badFormat('THINKING part without its text')
      return role === 'ASSISTANT' ? undefined : misplaced(part, role)
    case 'DOCUMENT':
      if (part.document === undefined) return badFormat('DOCUMENT part without its document')
      return role === 'USER' || role === 'TOOL' ? undefined : misplaced(part, role)
    case 'IMAGE_URL':
      if (!part.imageUrl) return badFormat('IMAGE_URL part without its URL')
      return role === 'USER' ? checkImage(part.imageUrl.url, model) : misplaced(part, role)
  }
}

function misplaced({ type }: Cohere2Part, role: string): ServiceError {
  return badRequest(`Content type ${type} is not supported for ${role}.`)
}

function checkImage(url: string, { inputs }: Model): ServiceError | undefined {
  if (!inputs.includes('IMAGE')) {
    return badRequest('Content type IMAGE_URL is not supported with this model.')
  }
  const isValid = /^https?:\/\/\S+$/.test(url) ||
    /^data:image\/[\w.+-]+;base64,[A-Za-z0-9+/]+={0,2}$/.test(url)
  return isValid ? undefined : badRequest('invalid request: invalid image url')
}

function isValid(call: Parameters<typeof functionOf>[0]): boolean {
  const called = functionOf(call)
  return Boolean(called?.name && called.arguments)
}

function calledBefore(messages: readonly Cohere2Message[], at: number): readonly unknown[] {
  return idsOf(messages.slice(0, at).findLast(({ role }) => role !== 'TOOL'))
}

function resultsAfter(messages: readonly Cohere2Message[], at: number): readonly unknown[] {
  const after = messages.slice(at + 1)
  const end = after.findIndex(({ role }) => role !== 'TOOL')
  return (end < 0 ? after : after.slice(0, end)).map(({ toolCallId }) => toolCallId)
}

function idsOf(message: Cohere2Message | undefined): readonly (string | undefined)[] {
  return (message?.toolCalls ?? []).map(({ id }) => id)
}
