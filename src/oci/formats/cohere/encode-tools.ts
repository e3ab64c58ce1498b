import { isJsonObject } from '../../../json-object.ts'
import type { ChatRequest, JsonSchema, Tool } from '../../../chat/model.ts'
import { ApiError } from '../../../errors.ts'
import { mapInSteps, type Steps } from '../../../steps.ts'
import type { EncodeOptions } from '../format.ts'
import { asList } from '../../json.ts'
import { distinctTools } from '../request/distinct-tools.ts'
import { cleanSchema } from '../schema/clean.ts'
import { omit } from '../schema/keywords.ts'
import type { CohereParameter, CohereTool, PythonType } from './wire.ts'

export interface OfferedTools {
  tools: readonly Tool[]
  warnings: readonly string[]
}

/** Selects the tools to offer. The format has no tool choice: offering fewer tools replaces it. */
export function offerTools({ tools, toolChoice }: ChatRequest): OfferedTools {
  if (tools.length === 0) return { tools, warnings: [] }
  switch (toolChoice?.type) {
    case undefined:
    case 'auto':
      return { tools, warnings: [] }
    case 'none':
      return { tools: [], warnings: [] }
    case 'required':
      return {
        tools,
        warnings: ['tool_choice: this model does not support "required", sent as "auto"'],
      }
    case 'function':
      return {
        tools: [namedTool(tools, toolChoice.name)],
        warnings: ['tool_choice: only this tool is offered, its call is not required'],
      }
  }
}

/** The tool that `tool_choice` names. Throws when there is none. */
export function namedTool(tools: readonly Tool[], name: string): Tool {
  const tool = tools.find((candidate) => candidate.name === name)
  if (tool) return tool
  throw new ApiError(
    'invalid_request',
    `tool_choice names "${name}", which is not in "tools"`,
    { param: 'tool_choice' },
  )
}

/** Encodes tools with Python's types; the rest of a schema is added to the descriptions. */
export function encodeTools(
  tools: readonly Tool[],
  { names, schemas: budget }: Pick<EncodeOptions, 'names' | 'schemas'>,
): Steps<readonly CohereTool[]> {
  return mapInSteps(distinctTools(tools), (tool) => {
    const schema = cleanSchema(tool.parameters ?? {}, 'portable', { budget, owner: tool })
    const { properties, required } = schema
    const definitions = Object.entries(isJsonObject(properties) ? properties : {})
    const isRequired = new Set(asList(required))
    return {
      name: names.encode(tool.name),
      // OCI requires a description.
      description: describe(tool.description || tool.name, omit(schema, TOOL_KEYWORDS)),
      parameterDefinitions: definitions.length === 0 ? undefined : Object.fromEntries(
        definitions.map(([name, property]) => [name, encode(property, isRequired.has(name))]),
      ),
    }
  })
}

const TOOL_KEYWORDS = new Set(['type', 'properties', 'required', 'description'])
const PARAMETER_KEYWORDS = new Set(['type', 'description', 'enum'])

const PYTHON_TYPES = new Map<unknown, PythonType>([
  ['string', 'str'],
  ['integer', 'int'],
  ['number', 'float'],
  ['boolean', 'bool'],
  ['array', 'list'],
  ['object', 'dict'],
])

function encode(property: unknown, isRequired: boolean): CohereParameter {
  const schema = isJsonObject(property) ? property : {}
  const { type, description, enum: values } = schema
  const lines = [
    ...(typeof description === 'string' && description !== '' ? [description] : []),
    ...(Array.isArray(values) ? [`One of: ${values.map(literal).join(', ')}`] : []),
  ]
  return {
    type: PYTHON_TYPES.get(type) ?? 'str',
    description: describe(lines.join('\n'), omit(schema, PARAMETER_KEYWORDS)) || undefined,
    isRequired,
  }
}

/** Appends the keywords that a definition cannot express to its description. */
function describe(text: string, other: JsonSchema): string {
  const description = text.toWellFormed()
  // Definitions list every parameter, so that `additionalProperties: false` adds nothing.
  const { additionalProperties, ...rest } = other
  const schema = additionalProperties === false ? rest : other
  if (Object.keys(schema).length === 0) return description
  return [description, `JSON Schema: ${JSON.stringify(schema)}`].filter(Boolean).join('\n')
}

function literal(value: unknown): string {
  return JSON.stringify(value) ?? 'null'
}
