import { badRequest, type ServiceError } from '../../service-error.ts'
import { firstProblem } from '../../validation.ts'
import type { CohereChatRequest, CohereTool } from './request.ts'

/** Python identifiers: no dashes, and no digit first. */
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/

/** The JSON Schemas of Python types. */
const SCHEMAS = new Map<string, object>([
  ['str', { type: 'string' }],
  ['float', { type: 'number' }],
  ['int', { type: 'integer' }],
  ['bool', { type: 'boolean' }],
  ['list', { type: 'array', items: { type: 'string' } }],
  ['dict', { type: 'object' }],
])

/** Tools need a valid name, a description, and parameters of Python types. */
export function toolsAreValid({ tools = [] }: CohereChatRequest): ServiceError | undefined {
  return firstProblem(tools, checkTool)
}

/** The JSON Schema of a parameter's Python type; `undefined` if it is not one. */
export function schemaOfType(type: string): object | undefined {
  const [, outer, inner = ''] = /^(list|dict)\[(.+)\]$/i.exec(type) ?? []
  if (outer === undefined) return SCHEMAS.get(type)
  if (outer.toLowerCase() === 'dict') return { type: 'object' }
  const items = schemaOfType(inner)
  return items && { type: 'array', items }
}

function checkTool(tool: CohereTool): ServiceError | undefined {
  const { name, description, parameterDefinitions = {} } = tool
  if (!NAME.test(name)) return badRequest(`invalid request: invalid tool name '${name}'`)
  if (description === '') {
    return badRequest(`invalid request: tool '${name}' must have a description`)
  }
  return firstProblem(
    Object.entries(parameterDefinitions),
    ([key, { type }]) => checkType(`${name}.${key}`, type),
  )
}

/** The service responds with 500 to `List`; the simulator does so for all capitalized types. */
function checkType(path: string, type: string): ServiceError | undefined {
  if (/^[A-Z]\w*$/.test(type)) {
    return {
      status: 500,
      code: '500',
      message: 'Internal Server Error',
      reason: `${path}: ${type}`,
    }
  }
  if (schemaOfType(type)) return undefined
  return badRequest(`invalid request: parameter '${path}' has the invalid type '${type}'`)
}
