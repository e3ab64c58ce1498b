import type { Model } from '../../catalogue.ts'
import { badRequest, type ServiceError } from '../../service-error.ts'
import { isName, isObjectSchema } from '../tool-rules.ts'
import type { Cohere2ChatRequest } from './request.ts'

/** Tools need a valid name and parameters of type object. */
export function toolsAreValid({ tools = [] }: Cohere2ChatRequest): ServiceError | undefined {
  const unnamed = tools.find(({ function: { name } }) => !isName(name))
  if (unnamed) {
    return badRequest(`invalid request: invalid tool name '${unnamed.function.name}'`)
  }
  const invalid = tools.find(({ function: { parameters } }) => !isObjectSchema(parameters))
  if (!invalid) return undefined
  return badRequest(
    `invalid request: parameters of tool '${invalid.function.name}' must be of type object`,
  )
}

/** `toolsChoice` needs tools. */
export function toolChoiceNeedsTools(request: Cohere2ChatRequest): ServiceError | undefined {
  const { tools = [], toolsChoice } = request
  if (toolsChoice === undefined || tools.length > 0) return undefined
  return badRequest('invalid request: tool_choice requires tools')
}

/** Rejects tools for models without tool use. */
export function hasNoTools({ tools = [] }: Cohere2ChatRequest): ServiceError | undefined {
  return tools.length === 0 ? undefined : badRequest('Tools are not supported with this model.')
}

/** Rejects `thinking` for models without reasoning. */
export function thinkingIsSupported(
  { thinking }: Cohere2ChatRequest,
  { reasoning }: Model,
): ServiceError | undefined {
  if (reasoning || thinking?.type !== 'ENABLED') return undefined
  return badRequest('invalid request: thinking is not supported with this model')
}
