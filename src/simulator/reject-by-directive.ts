import type { Directives } from './directives.ts'
import { textOf } from './directives.ts'
import type { Prompt } from './prompt.ts'
import { badRequest, type ServiceError } from './service-error.ts'

/** OpenAI's names of fields, where they are more than a matter of case. */
const OTHER_NAMES = new Map([
  ['isParallelToolCalls', 'parallel_tool_calls'],
  ['isStream', 'stream'],
  ['logProbs', 'logprobs'],
  ['numGenerations', 'n'],
  ['toolsChoice', 'tool_choice'],
])

/** What a directive has against a request: fine again once the request does without it. */
export function rejectByDirective(
  request: object,
  prompt: Prompt,
  unsupported: (field: string) => ServiceError,
): ServiceError | undefined {
  const { directives } = prompt
  const refused = directives.get('refuse') ?? []
  const field = Object.keys(request).find((key) =>
    refused.includes(key) || refused.includes(openAiName(key))
  )
  if (field !== undefined) return unsupported(field)
  const objection = OBJECTIONS.find(([name, , isMet]) => directives.has(name) && isMet(prompt))
  return objection && badRequest(objection[1])
}

/** A field's name as OpenAI has it: `topP` is `top_p`. */
export function openAiName(field: string): string {
  const snake = field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
  return OTHER_NAMES.get(field) ?? snake
}

/** A error in the wrapping a directive asks for; as it is without one. */
export function wrapError(error: ServiceError, directives: Directives): ServiceError {
  const { message } = error
  switch (textOf(directives, 'layer')) {
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

type Objection = readonly [
  name: 'refuse-stream' | 'refuse-format' | 'refuse-system-with-tools' | 'refuse-parallel',
  message: string,
  isMet: (prompt: Prompt) => boolean,
]

const OBJECTIONS: readonly Objection[] = [
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

/** A vendor's own JSON, or its plain text made into the kind that OpenAI has. */
function vendorJson(message: string): string {
  if (message.startsWith('{')) return message
  const error = { message, type: 'invalid_request_error', param: null, code: null }
  return JSON.stringify({ error })
}
