import { badRequest, type ServiceError } from '../service-error.ts'
import type { GenericChatRequest } from './generic-request.ts'
import type { Rule } from './rule.ts'

/** The tool rules of all GENERIC families. */
export const TOOL_RULES: readonly Rule[] = [
  toolChoiceNeedsTools,
  toolCountIsValid,
  toolsAreValid,
  toolChoiceExists,
]

/** OpenAI's pattern for the names of functions and schemas. */
const NAME = /^[a-zA-Z0-9_-]{1,64}$/
const MAX_TOOLS = 128

/** Whether a name is valid for a function or a schema. */
export function isName(name: string): boolean {
  return NAME.test(name)
}

function toolChoiceNeedsTools(request: GenericChatRequest): ServiceError | undefined {
  const { tools = [], toolChoice, isParallelToolCalls } = request
  if (tools.length > 0) return undefined
  if (toolChoice) return badRequest("Invalid 'toolChoice': 'tools' is required.")
  if (isParallelToolCalls === undefined) return undefined
  return badRequest("Invalid 'isParallelToolCalls': 'tools' is required.")
}

function toolCountIsValid({ tools = [] }: GenericChatRequest): ServiceError | undefined {
  if (tools.length <= MAX_TOOLS) return undefined
  return badRequest(`Invalid 'tools': array too long. Expected at most ${MAX_TOOLS} tools.`)
}

function toolsAreValid({ tools = [] }: GenericChatRequest): ServiceError | undefined {
  const unnamed = tools.find(({ name = '' }) => !isName(name))
  if (unnamed) return badRequest(`Invalid 'tools': '${unnamed.name ?? ''}' is not a valid name.`)
  const invalid = tools.find(({ parameters }) =>
    parameters !== undefined && !isObjectSchema(parameters)
  )
  if (!invalid) return undefined
  return badRequest(`Invalid schema for function '${invalid.name}': type must be object.`)
}

function toolChoiceExists(
  { tools = [], toolChoice }: GenericChatRequest,
): ServiceError | undefined {
  if (toolChoice?.type !== 'FUNCTION') return undefined
  if (tools.some(({ name }) => name === toolChoice.name)) return undefined
  return badRequest(`Invalid 'toolChoice': '${toolChoice.name ?? ''}' not found in 'tools'.`)
}

/** Whether a value is a schema of type object. */
export function isObjectSchema(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'type' in value && value.type === 'object'
}
