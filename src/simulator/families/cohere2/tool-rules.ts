import type { Model } from '../../catalogue.ts'
import { badRequest, type ServiceError } from '../../service-error.ts'
import { isName } from '../tool-rules.ts'
import type { Cohere2ChatRequest } from './request.ts'

/** Tools have a name, and parameters that are an object. */
export function validTools({ tools = [] }: Cohere2ChatRequest): ServiceError | undefined {
  const unnamed = tools.find(({ function: { name } }) => !isName(name))
  if (unnamed) {
    return badRequest(`invalid request: invalid tool name '${unnamed.function.name}'`)
  }
  const shapeless = tools.find(({ function: { parameters } }) => !isObjectSchema(parameters))
  if (!shapeless) return undefined
  return badRequest(
    `invalid request: parameters of tool '${shapeless.function.name}' must be of type object`,
  )
}

/** A choice is one between tools. */
export function choiceNeedsTools(request: Cohere2ChatRequest): ServiceError | undefined {
  const { tools = [], toolsChoice } = request
  if (toolsChoice === undefined || tools.length > 0) return undefined
  return badRequest('invalid request: tool_choice requires tools')
}

/** A model without hands. */
export function noTools({ tools = [] }: Cohere2ChatRequest): ServiceError | undefined {
  return tools.length === 0 ? undefined : badRequest('Tools are not supported with this model.')
}

/** Who does not think cannot be told to. */
export function thinksIfAsked(
  { thinking }: Cohere2ChatRequest,
  { reasoning }: Model,
): ServiceError | undefined {
  if (reasoning || thinking?.type !== 'ENABLED') return undefined
  return badRequest('invalid request: thinking is not supported with this model')
}

function isObjectSchema(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'type' in value && value.type === 'object'
}
