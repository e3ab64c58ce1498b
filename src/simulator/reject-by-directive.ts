import type { Prompt } from './prompt.ts'
import { badRequest, type ServiceError } from './service-error.ts'

/** OpenAI's names of the fields that differ by more than their case. */
const OPENAI_NAMES = new Map([
  ['isParallelToolCalls', 'parallel_tool_calls'],
  ['isStream', 'stream'],
  ['logProbs', 'logprobs'],
  ['numGenerations', 'n'],
  ['toolsChoice', 'tool_choice'],
])

/** Rejects a request with a parameter or feature that a `refuse…` directive names. */
export function rejectByDirective(
  request: object,
  prompt: Prompt,
  unsupported: (field: string) => ServiceError,
): ServiceError | undefined {
  const { directives } = prompt
  const rejected = directives.get('refuse') ?? []
  const field = Object.keys(request).find((key) =>
    rejected.includes(key) || rejected.includes(openAiName(key))
  )
  if (field !== undefined) return unsupported(field)
  const rule = FEATURE_RULES.find(([name, , isUsed]) => directives.has(name) && isUsed(prompt))
  return rule && badRequest(rule[1])
}

/** OpenAI's name of an OCI field: `topP` is `top_p`. */
export function openAiName(field: string): string {
  const snake = field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
  return OPENAI_NAMES.get(field) ?? snake
}

/** Wraps an error's message as a value of the `layer` directive says. */
export function wrapError(error: ServiceError, layer: string | undefined): ServiceError {
  const { message } = error
  switch (layer) {
    case 'prefix':
      return { ...error, message: PREFIX + vendorJson(message) }
    case 'double':
      return { ...error, message: JSON.stringify(vendorJson(message)) }
    case 'both':
      return { ...error, message: PREFIX + JSON.stringify(vendorJson(message)) }
    case 'direct':
      return { ...error, body: JSON.parse(vendorJson(message)) }
  }
  return error
}

const PREFIX = 'Error in calling the model: '

type FeatureRule = readonly [
  name: 'refuse-stream' | 'refuse-format' | 'refuse-system-with-tools' | 'refuse-parallel',
  message: string,
  isUsed: (prompt: Prompt) => boolean,
]

const FEATURE_RULES: readonly FeatureRule[] = [
  ['refuse-stream', 'Streaming is not supported with this model.', ({ isStream }) => isStream],
  [
    'refuse-format',
    "Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model.",
    ({ format }) => typeof format === 'object',
  ],
  [
    'refuse-system-with-tools',
    'System role is not supported together with tools on this model.',
    ({ system, tools }) => system !== '' && tools.length > 0,
  ],
  [
    'refuse-parallel',
    'Parallel tool call is not supported yet.',
    ({ hasParallelCalls }) => hasParallelCalls,
  ],
]

/** The message if it is a vendor's JSON, else an OpenAI error with the message. */
export function vendorJson(message: string): string {
  if (message.startsWith('{')) return message
  const error = { message, type: 'invalid_request_error', param: null, code: null }
  return JSON.stringify({ error })
}
