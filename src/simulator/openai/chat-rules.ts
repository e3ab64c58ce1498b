import type { PartType } from '../catalogue.ts'
import type { ServiceError } from '../service-error.ts'
import type { ResolvedModel } from '../resolve-model.ts'
import { firstProblem } from '../validation.ts'
import type { ChatCompletionRequest, ChatMessage } from './chat-request.ts'
import { invalidRequest } from './error.ts'
import { validateForVendor, type VendorParameters } from './rules.ts'

type ChatRule = (request: ChatCompletionRequest, target: ResolvedModel) => ServiceError | undefined

/** Rejects models that this endpoint does not offer: multi-agent and Responses-only models. */
export function validateModel(model: string): ServiceError | undefined {
  if (model.includes('multi-agent')) {
    return invalidRequest('Multi Agent requests are not allowed on chat completions', null)
  }
  if (!model.endsWith('gpt-5.5-pro')) return undefined
  return invalidRequest(
    'This is not a chat model and thus not supported in the v1/chat/completions endpoint.',
    'model',
  )
}

/** Finds the first error of a request whose shape is valid. */
export function validateChat(
  request: ChatCompletionRequest,
  target: ResolvedModel,
): ServiceError | undefined {
  return firstProblem(RULES, (rule) => rule(request, target)) ??
    validateForVendor(vendorParametersOf(request), target.model.name)
}

const RULES: readonly ChatRule[] = [
  hasMessages,
  resultsFollowCalls,
  everyCallAnswered,
  mediaAreSupported,
  optionsAreEnabled,
  toolChoiceExists,
  jsonModeIsMentioned,
]

const MEDIA = new Map<string, PartType>([
  ['image_url', 'IMAGE'],
  ['input_audio', 'AUDIO'],
  ['file', 'DOCUMENT'],
])

function hasMessages({ messages }: ChatCompletionRequest): ServiceError | undefined {
  if (messages.length > 0) return undefined
  return invalidRequest(
    "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty " +
      'array instead.',
    'messages',
    'empty_array',
  )
}

function resultsFollowCalls({ messages }: ChatCompletionRequest): ServiceError | undefined {
  const at = messages.findIndex((message, at) =>
    message.role === 'tool' && !callsBefore(messages, at).includes(message.tool_call_id ?? '')
  )
  if (at < 0) return undefined
  return invalidRequest(
    "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with " +
      "'tool_calls'.",
    `messages.[${at}].role`,
  )
}

function everyCallAnswered({ messages }: ChatCompletionRequest): ServiceError | undefined {
  const unanswered = messages.flatMap(({ tool_calls }, at) => {
    const rest = messages.slice(at + 1)
    const end = rest.findIndex(({ role }) => role !== 'tool')
    const results = end < 0 ? rest : rest.slice(0, end)
    return (tool_calls ?? []).map(({ id }) => id)
      .filter((id) => !results.some(({ tool_call_id }) => tool_call_id === id))
  })
  if (unanswered.length === 0) return undefined
  return invalidRequest(
    "An assistant message with 'tool_calls' must be followed by tool messages responding to each " +
      `'tool_call_id'. The following tool_call_ids did not have response messages: ` +
      unanswered.join(', '),
    'messages',
  )
}

function mediaAreSupported(
  { messages }: ChatCompletionRequest,
  { model }: ResolvedModel,
): ServiceError | undefined {
  const kinds = messages.flatMap(({ content }) =>
    typeof content === 'string' ? [] : (content ?? []).map(({ type }) => type)
  )
  const unsupported = kinds.find((kind) => {
    const type = MEDIA.get(kind)
    return type !== undefined && !model.inputs.includes(type)
  })
  if (unsupported === undefined) return undefined
  return invalidRequest(`Content type ${unsupported} is not supported with this model.`, 'messages')
}

function optionsAreEnabled(request: ChatCompletionRequest): ServiceError | undefined {
  if (request.stream_options && request.stream !== true) {
    return invalidRequest(
      "The 'stream_options' parameter is only allowed when 'stream' is enabled.",
      'stream_options',
    )
  }
  if ((request.top_logprobs ?? null) === null || request.logprobs === true) return undefined
  return invalidRequest(
    "The 'top_logprobs' parameter is only allowed when 'logprobs' is enabled.",
    'top_logprobs',
  )
}

function toolChoiceExists(request: ChatCompletionRequest): ServiceError | undefined {
  const { tools, tool_choice: choice } = request
  if (tools && tools.length > 0) {
    const name = typeof choice === 'object' ? choice?.function.name : undefined
    const isKnown = name === undefined || tools.some((tool) => tool.function.name === name)
    if (isKnown) return undefined
    return invalidRequest(`Invalid value for 'tool_choice': '${name}' is no tool.`, 'tool_choice')
  }
  const unused = (['tool_choice', 'parallel_tool_calls'] as const)
    .find((name) => (request[name] ?? null) !== null)
  if (unused === undefined) return undefined
  return invalidRequest(
    `Invalid value for '${unused}': '${unused}' is only allowed when 'tools' are specified.`,
    unused,
  )
}

function jsonModeIsMentioned(
  { messages, response_format: format }: ChatCompletionRequest,
  { model }: ResolvedModel,
): ServiceError | undefined {
  if (format?.type !== 'json_object' || !model.name.startsWith('openai.')) return undefined
  if (/json/i.test(JSON.stringify(messages))) return undefined
  return invalidRequest(
    "'messages' must contain the word 'json' in some form, to use 'response_format' of type " +
      "'json_object'.",
    'messages',
  )
}

/** The ids of the tool calls that a tool message can answer. */
function callsBefore(messages: readonly ChatMessage[], at: number): readonly string[] {
  const turn = messages.slice(0, at).findLast(({ role }) => role !== 'tool')
  return (turn?.tool_calls ?? []).map(({ id }) => id)
}

function vendorParametersOf(request: ChatCompletionRequest): VendorParameters {
  const { max_tokens: old, max_completion_tokens: limit, reasoning_effort: effort } = request
  const name = (old ?? null) === null ? 'max_completion_tokens' : 'max_tokens'
  const value = old ?? limit
  return {
    tools: (request.tools ?? []).map((tool) => tool.function),
    format: request.response_format?.json_schema,
    limit: typeof value === 'number' ? { name, value } : undefined,
    temperature: request.temperature,
    topP: request.top_p,
    effort: (effort ?? null) === null ? undefined : 'reasoning_effort',
    sent: Object.entries(request).filter(([, value]) => value !== null).map(([key]) => key),
  }
}
