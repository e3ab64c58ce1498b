import { badRequest, type ServiceError } from '../../service-error.ts'
import { schemaOfType } from './python-type.ts'
import type { CohereChatRequest, CohereTool } from './request.ts'

/** Python's rule for names: no dashes, and no digit first. */
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/

/** Tools have a name, a description, and parameters of Python's types. */
export function validTools({ tools = [] }: CohereChatRequest): ServiceError | undefined {
  return tools.map(checkTool).find((error) => error !== undefined)
}

function checkTool({ name, description, parameterDefinitions = {} }: CohereTool) {
  if (!NAME.test(name)) return badRequest(`invalid request: invalid tool name '${name}'`)
  if (description === '') {
    return badRequest(`invalid request: tool '${name}' must have a description`)
  }
  return Object.entries(parameterDefinitions)
    .map(([key, { type }]) => checkType(`${name}.${key}`, type))
    .find((error) => error !== undefined)
}

/** Seen: the service does not survive `List`, and so probably no bare capital. */
function checkType(place: string, type: string): ServiceError | undefined {
  if (/^[A-Z]\w*$/.test(type)) {
    return {
      status: 500,
      code: '500',
      message: 'Internal Server Error',
      reason: `${place}: ${type}`,
    }
  }
  if (schemaOfType(type)) return undefined
  return badRequest(`invalid request: parameter '${place}' has the invalid type '${type}'`)
}
