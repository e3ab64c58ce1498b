import { isJsonObject } from '../../json-object.ts'
import type { ChatRequest, Tool, ToolChoice } from '../../chat/model.ts'
import { ascii, shorten } from '../../chat/warnings.ts'
import { ApiError } from '../../errors.ts'
import { decodeClientTool } from './client-tools.ts'
import type { MessagesRequest, OtherTool } from './schema.ts'
import { callName, decodeToolset, type Toolset, toolsetOf } from './toolsets.ts'

export interface DecodedTools
  extends Pick<ChatRequest, 'tools' | 'toolChoice' | 'parallelToolCalls'> {
  /** The toolsets whose members are offered. */
  toolsets: readonly Toolset[]
  /** What cannot be passed on: texts that begin with the field. */
  warnings: readonly string[]
}

/** Decodes the tools that the client runs. Tools that Anthropic runs get a warning. */
export function decodeTools(
  { tools: definitions, tool_choice: choice }: MessagesRequest,
): DecodedTools {
  const decoded = (definitions ?? []).map((definition, index): DecodedTool => {
    if (definition.type === 'other') return decodeOther(definition.tool, `tools[${index}]`)
    const { name, description, input_schema: parameters, strict } = definition
    const tool = {
      name,
      description: description ?? undefined,
      parameters,
      strict: strict ?? false,
    }
    return { tools: [tool], leftOut: undefined, warnings: [] }
  })
  const first = new Map<Toolset, number>()
  for (const [index, { toolset }] of decoded.entries()) {
    if (toolset && !first.has(toolset)) first.set(toolset, index)
  }
  const tools = decoded.flatMap((each, index) => {
    // A toolset is much larger than its definition.
    const isRepeated = each.toolset !== undefined && first.get(each.toolset) !== index
    return isRepeated ? [] : each.tools
  })
  const chosen = decodeChoice(choice, tools, new Set(decoded.map(({ leftOut }) => leftOut)))
  const isAlone = choice?.type === 'none' ? undefined : choice?.disable_parallel_tool_use
  return {
    tools,
    toolChoice: chosen.toolChoice,
    parallelToolCalls: typeof isAlone === 'boolean' ? !isAlone : undefined,
    toolsets: [...first.keys()],
    warnings: [...decoded.flatMap(({ warnings }) => warnings), ...chosen.warnings],
  }
}

interface DecodedTool {
  tools: readonly Tool[]
  toolset?: Toolset
  /** The name of a tool that is not offered; `ANY_NAME` if its tools are not known. */
  leftOut: string | undefined
  warnings: readonly string[]
}

/** The tools of an MCP server may have any name. */
const ANY_NAME = '*'

function decodeOther(definition: OtherTool, at: string): DecodedTool {
  const { type, name } = definition
  const toolset = toolsetOf(definition)
  if (toolset) {
    return { tools: decodeToolset(toolset, definition), toolset, leftOut: undefined, warnings: [] }
  }
  const tool = decodeClientTool(definition)
  if (tool) return { tools: [tool], leftOut: undefined, warnings: [] }
  const functionTool = type === 'function' ? decodeFunction(definition) : undefined
  if (functionTool) {
    const warning = `${at}: in OpenAI's form, this API has "name", "description" and "input_schema"`
    return { tools: [functionTool], leftOut: undefined, warnings: [warning] }
  }
  const reason = /_\d{8}$|^mcp_toolset$/.test(type) ? 'runs at Anthropic only' : 'is not supported'
  return {
    tools: [],
    leftOut: type === 'mcp_toolset' ? ANY_NAME : name || type.replace(/_\d{8}$/, ''),
    warnings: [`${at}: ${ascii(type)} ${reason}, left out`],
  }
}

/** Decodes a function in the form of chat completions or of Responses. */
function decodeFunction(definition: OtherTool): Tool | undefined {
  const inner = isJsonObject(definition['function']) ? definition['function'] : definition
  const { name, description, parameters, input_schema: schema } = inner
  const found = [parameters, schema].find(isJsonObject)
  if (typeof name !== 'string' || name === '') return undefined
  return {
    name,
    description: typeof description === 'string' ? description : undefined,
    parameters: found,
    strict: inner['strict'] === true,
  }
}

interface Chosen {
  toolChoice: ToolChoice | undefined
  warnings: readonly string[]
}

function decodeChoice(
  choice: MessagesRequest['tool_choice'],
  tools: readonly Tool[],
  leftOut: ReadonlySet<string | undefined>,
): Chosen {
  switch (choice?.type) {
    case undefined:
      return { toolChoice: undefined, warnings: [] }
    case 'auto':
    case 'none':
      return { toolChoice: { type: choice.type }, warnings: [] }
    case 'any':
      return { toolChoice: { type: 'required' }, warnings: [] }
    case 'tool':
      return decodeNamed(choice.name, tools, leftOut)
  }
}

const TOOLSETS: readonly Toolset[] = ['computer', 'browser']

function decodeNamed(
  name: string,
  tools: readonly Tool[],
  leftOut: ReadonlySet<string | undefined>,
): Chosen {
  if (tools.some((tool) => tool.name === name)) {
    return { toolChoice: { type: 'function', name }, warnings: [] }
  }
  const member = tools.find((tool) => callName(tool.name, TOOLSETS).name === name)
  if (member) return { toolChoice: { type: 'function', name: member.name }, warnings: [] }
  if (leftOut.has(name) || leftOut.has(ANY_NAME)) {
    const warning = `tool_choice: ${ascii(name)} is not supported, sent as auto`
    return { toolChoice: { type: 'auto' }, warnings: [warning] }
  }
  // Without tools, the choice has no effect and gets a warning later.
  if (tools.length === 0) return { toolChoice: { type: 'function', name }, warnings: [] }
  throw new ApiError(
    'invalid_request',
    `tool_choice names "${shorten(name)}", which is not in "tools"`,
    { param: 'tool_choice' },
  )
}
