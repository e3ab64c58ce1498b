import { flattenToolTurns } from '../../chat/flatten.ts'
import { repairMessages } from '../../chat/repair.ts'
import type { ChatRequest, Message, SystemMessage, TextPart } from '../../chat/model.ts'
import type { Steps } from '../../steps.ts'
import { clampSampling } from '../formats/request/clamp.ts'
import type { ModelProfile } from '../models/profiles.ts'

export interface AdaptedRequest {
  request: ChatRequest
  warnings: readonly string[]
}

const STEPS = [withTools, withFormat, withSchemaInPrompt, withSystemRole, clampSampling]

/**
 * Adapts a conversation to what the model supports, still in the neutral form: repairs the history,
 * splits tool calls into turns, and moves system text and schemas that the model does not support.
 */
export function* adaptRequest(
  request: ChatRequest,
  profile: ModelProfile,
): Steps<AdaptedRequest> {
  const repaired = yield* repairMessages(request.messages)
  const warnings = [...repaired.warnings]
  let adapted: ChatRequest = { ...request, messages: withToolTurns(repaired.messages, profile) }
  for (const step of STEPS) {
    const next = step(adapted, profile)
    adapted = next.request
    warnings.push(...next.warnings)
  }
  return { request: adapted, warnings }
}

function withToolTurns(
  messages: readonly Message[],
  { parallelToolCalls }: ModelProfile,
): readonly Message[] {
  return parallelToolCalls === 'sequential' ? flattenToolTurns(messages) : messages
}

function withTools(request: ChatRequest, profile: ModelProfile): AdaptedRequest {
  if (request.tools.length === 0) return { request, warnings: choiceWarnings(request) }
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
  // Without tools, the model cannot call any.
  const tools = toolChoice.type === 'none' ? [] : request.tools
  return {
    request: { ...request, tools, toolChoice: undefined },
    warnings: toolChoice.type === 'none'
      ? []
      : ['tool_choice: not supported by this model, left out'],
  }
}

/** `auto` and `none` are harmless without tools; `required` and a named tool need a warning. */
function choiceWarnings({ toolChoice }: ChatRequest): string[] {
  const isForced = toolChoice?.type === 'required' || toolChoice?.type === 'function'
  return isForced ? ['tool_choice: the request has no tools, left out'] : []
}

function withFormat(request: ChatRequest, profile: ModelProfile): AdaptedRequest {
  const isBoth = request.tools.length > 0 && request.responseFormat !== undefined
  if (!isBoth || profile.toolsWithFormat) return { request, warnings: [] }
  return {
    request: { ...request, responseFormat: undefined },
    warnings: ['response_format: not supported by this model together with tools, left out'],
  }
}

function withSchemaInPrompt(request: ChatRequest, profile: ModelProfile): AdaptedRequest {
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
      messages: [systemMessage(text), ...request.messages],
    },
    warnings: ['response_format: the schema is added to the prompt, not enforced'],
  }
}

function systemMessage(text: string): Message {
  return { role: 'system', content: [{ type: 'text', text }], name: undefined }
}

/** Moves system text into the first user message, for models that reject it together with tools. */
function withSystemRole(request: ChatRequest, profile: ModelProfile): AdaptedRequest {
  if (profile.systemRole === 'system') return { request, warnings: [] }
  const systemText = request.messages.flatMap((
    message,
  ) => (isSystem(message) ? message.content : []))
  const others = request.messages.filter((message) => !isSystem(message))
  if (systemText.length === 0) return { request, warnings: [] }
  const first = others.findIndex(({ role }) => role === 'user')
  const messages = first < 0
    ? [userMessage(systemText), ...others]
    : others.map((message, index) =>
      index === first ? withTextBefore(message, systemText) : message
    )
  return { request: { ...request, messages }, warnings: [] }
}

function isSystem(message: Message): message is SystemMessage {
  return message.role === 'system' || message.role === 'developer'
}

function userMessage(content: readonly TextPart[]): Message {
  return { role: 'user', content, name: undefined }
}

function withTextBefore(message: Message, text: readonly TextPart[]): Message {
  return message.role === 'user' ? { ...message, content: [...text, ...message.content] } : message
}
