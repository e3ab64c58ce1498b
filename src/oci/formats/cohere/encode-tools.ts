import type { ChatRequest, JsonSchema, Tool } from '../../../chat/model.ts'
import { ApiError } from '../../../errors.ts'
import type { EncodeOptions } from '../format.ts'
import { asList } from '../../json.ts'
import { distinctTools } from '../request/distinct-tools.ts'
import { cleanSchema } from '../schema/clean.ts'
import { isRecord, omit } from '../schema/keywords.ts'
import type { CohereParameter, CohereTool, PythonType } from './wire.ts'

export interface OfferedTools {
  tools: readonly Tool[]
  warnings: readonly string[]
}

/** The tools as far as a choice among them can be made by offering fewer: the format has no other way. */
export function offerTools({ tools, toolChoice }: ChatRequest): OfferedTools {
  if (tools.length === 0) return { tools, warnings: [] }
  switch (toolChoice?.type) {
    case undefined:
    case 'auto':
      return { tools, warnings: [] }
    case 'none':
      return { tools: [], warnings: [] }
    case 'required':
      return { tools, warnings: ['tool_choice: a call cannot be required of this model'] }
    case 'function':
      return {
        tools: [namedTool(tools, toolChoice.name)],
        warnings: ['tool_choice: only this tool is offered, but its call cannot be required'],
      }
  }
}

/** The tool a client wants to be called. */
export function namedTool(tools: readonly Tool[], name: string): Tool {
  const tool = tools.find((candidate) => candidate.name === name)
  if (tool) return tool
  throw new ApiError(
    'invalid_request',
    `Cannot choose the tool "${name}": it is not among the tools`,
    { param: 'tool_choice' },
  )
}

/** Tools with parameters of Python's types; whatever these cannot say is told in words. */
export function encodeTools(
  tools: readonly Tool[],
  { names, schemas: budget }: Pick<EncodeOptions, 'names' | 'schemas'>,
): readonly CohereTool[] {
  return distinctTools(tools).map((tool) => {
    const schema = cleanSchema(tool.parameters ?? {}, 'portable', { budget, owner: tool })
    const { properties, required } = schema
    const definitions = Object.entries(isRecord(properties) ? properties : {})
    const isRequired = new Set(asList(required))
    return {
      name: names.encode(tool.name),
      // It may not be empty.
      description: describe(tool.description || tool.name, omit(schema, SAID_OF_ALL)),
      parameterDefinitions: definitions.length === 0 ? undefined : Object.fromEntries(
        definitions.map(([name, property]) => [name, encode(property, isRequired.has(name))]),
      ),
    }
  })
}

const SAID_OF_ALL = new Set(['type', 'properties', 'required', 'description'])
const SAID_OF_ONE = new Set(['type', 'description', 'enum'])

const PYTHON_TYPES = new Map<unknown, PythonType>([
  ['string', 'str'],
  ['integer', 'int'],
  ['number', 'float'],
  ['boolean', 'bool'],
  ['array', 'list'],
  ['object', 'dict'],
])

function encode(property: unknown, isRequired: boolean): CohereParameter {
  const schema = isRecord(property) ? property : {}
  const { type, description, enum: values } = schema
  const told = [
    ...(typeof description === 'string' && description !== '' ? [description] : []),
    ...(Array.isArray(values) ? [`One of: ${values.map(literal).join(', ')}`] : []),
  ]
  return {
    type: PYTHON_TYPES.get(type) ?? 'str',
    description: describe(told.join('\n'), omit(schema, SAID_OF_ONE)) || undefined,
    isRequired,
  }
}

/** What the definition has no word for, as the schema it is. */
function describe(text: string, untold: JsonSchema): string {
  const words = text.toWellFormed()
  // That nothing else is taken goes without saying where parameters are named one by one.
  const { additionalProperties, ...rest } = untold
  const schema = additionalProperties === false ? rest : untold
  if (Object.keys(schema).length === 0) return words
  return [words, `JSON Schema: ${JSON.stringify(schema)}`].filter(Boolean).join('\n')
}

function literal(value: unknown): string {
  return JSON.stringify(value) ?? 'null'
}
