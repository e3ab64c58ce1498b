import { flattenToolTurns } from '../../chat/flatten.ts'
import { repairMessages } from '../../chat/repair.ts'
import type { ChatRequest, Message, SystemMessage, TextPart } from '../../chat/model.ts'
import type { ModelProfile } from '../models/profiles.ts'

export interface AdaptedRequest {
  request: ChatRequest
  warnings: readonly string[]
}

/**
 * Makes of a conversation one that the model can take, still in nobody's words: history mended,
 * turns split, system text and schemas moved where the model cannot have them in their own place.
 */
export function adaptRequest(request: ChatRequest, profile: ModelProfile): AdaptedRequest {
  const mended = repairMessages(request.messages)
  const steps = [withTools, withFormat, withToldSchema, withSystemRole]
  return steps.reduce(
    (adapted, step) => {
      const { request, warnings } = step(adapted.request, profile)
      return { request, warnings: [...adapted.warnings, ...warnings] }
    },
    {
      request: { ...request, messages: pair(mended.messages, profile) },
      warnings: mended.warnings,
    },
  )
}

function pair(
  messages: readonly Message[],
  { parallelToolCalls }: ModelProfile,
): readonly Message[] {
  return parallelToolCalls === 'sequential' ? flattenToolTurns(messages) : messages
}

function withTools(request: ChatRequest, profile: ModelProfile): AdaptedRequest {
  if (request.tools.length === 0) return { request, warnings: unmetChoice(request) }
  if (!profile.tools) {
    return {
      request: { ...request, tools: [], toolChoice: undefined },
      warnings: ['tools: not supported by this model, left out'],
    }
  }
  const { toolChoice } = request
  if (toolChoice === undefined || !profile.unsupportedParameters.includes('toolChoice')) {
    return { request, warnings: [] }
  }
  // To offer no tool is the one way left to have none called.
  const tools = toolChoice.type === 'none' ? [] : request.tools
  return {
    request: { ...request, tools, toolChoice: undefined },
    warnings: toolChoice.type === 'none'
      ? []
      : ['tool_choice: not supported by this model, left out'],
  }
}

/** To be let call a tool or not means nothing without tools; to have to call one does. */
function unmetChoice({ toolChoice }: ChatRequest): string[] {
  const isForced = toolChoice?.type === 'required' || toolChoice?.type === 'function'
  return isForced ? ['tool_choice: there are no tools, left out'] : []
}

function withFormat(request: ChatRequest, profile: ModelProfile): AdaptedRequest {
  const isBoth = request.tools.length > 0 && request.responseFormat !== undefined
  if (!isBoth || profile.toolsWithFormat) return { request, warnings: [] }
  return {
    request: { ...request, responseFormat: undefined },
    warnings: ['response_format: not supported by this model beside tools, left out'],
  }
}

function withToldSchema(request: ChatRequest, profile: ModelProfile): AdaptedRequest {
  const format = request.responseFormat
  if (format?.type !== 'json-schema' || profile.jsonSchema === 'native') {
    return { request, warnings: [] }
  }
  const schema = JSON.stringify(format.schema ?? { type: 'object' })
  const text = `Answer with one JSON value that fits this JSON Schema, and nothing else: ${schema}`
  return {
    request: {
      ...request,
      responseFormat: { type: 'json-object' },
      messages: [systemText(text), ...request.messages],
    },
    warnings: ['response_format: the schema is told to the model, not enforced'],
  }
}

function systemText(text: string): Message {
  return { role: 'system', content: [{ type: 'text', text }], name: undefined }
}

/** Folds system text into the first user message, for models that refuse tools beside it. */
function withSystemRole(request: ChatRequest, profile: ModelProfile): AdaptedRequest {
  if (profile.systemRole === 'system') return { request, warnings: [] }
  const told = request.messages.flatMap((message) => (isSystem(message) ? message.content : []))
  const spoken = request.messages.filter((message) => !isSystem(message))
  if (told.length === 0) return { request, warnings: [] }
  const first = spoken.findIndex(({ role }) => role === 'user')
  const messages = first < 0
    ? [userText(told), ...spoken]
    : spoken.map((message, index) => index === first ? withTextBefore(message, told) : message)
  return { request: { ...request, messages }, warnings: [] }
}

function isSystem(message: Message): message is SystemMessage {
  return message.role === 'system' || message.role === 'developer'
}

function userText(content: readonly TextPart[]): Message {
  return { role: 'user', content, name: undefined }
}

function withTextBefore(message: Message, told: readonly TextPart[]): Message {
  return message.role === 'user' ? { ...message, content: [...told, ...message.content] } : message
}
