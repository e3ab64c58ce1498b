import * as v from 'valibot'
import type { Tool, ToolChoice } from '../../chat/model.ts'
import { shorten } from '../../chat/warnings.ts'
import { ApiError } from '../../errors.ts'
import { CUSTOM_PARAMETERS, describeCustomTool, warnOfGrammar } from '../custom-tools.ts'
import { membersOf } from './decode-calls.ts'
import { ascii } from './decode-content.ts'
import {
  type ChatCompletionRequest,
  CustomTool,
  isFunctionTool,
  type ToolChoice as Choice,
  type ToolDefinition,
} from './schema.ts'

export interface DecodedTools {
  tools: readonly Tool[]
  toolChoice: ToolChoice | undefined
  /** The names of custom tools, whose calls are returned as such. */
  customTools: ReadonlySet<string>
  warnings: readonly string[]
}

/**
 * Decodes the tools and the tool choice. A custom tool becomes a function of one string. Tools that
 * the provider runs are left out, with a warning.
 */
export function decodeTools(
  { tools: definitions, tool_choice: choice }: ChatCompletionRequest,
): DecodedTools {
  const decoded = (definitions ?? []).map((tool, index) => decodeTool(tool, `tools[${index}]`))
  const tools = decoded.flatMap(({ tool }) => tool ?? [])
  const chosen = choose(choice ?? undefined, tools, definitions ?? [])
  return {
    tools: chosen.tools,
    toolChoice: chosen.toolChoice,
    customTools: namesOfCustomTools(decoded),
    warnings: [...decoded.flatMap(({ warnings }) => warnings), ...chosen.warnings],
  }
}

interface DecodedTool {
  tool: Tool | undefined
  isCustom: boolean
  warnings: readonly string[]
}

function decodeTool(definition: ToolDefinition, at: string): DecodedTool {
  if (isFunctionTool(definition)) {
    const { name, description, parameters, strict } = definition.function
    const tool: Tool = {
      name,
      description: description ?? undefined,
      parameters: parameters ?? undefined,
      strict: strict ?? false,
    }
    return { tool, isCustom: false, warnings: [] }
  }
  const custom = v.safeParse(CustomTool, definition)
  if (!custom.success) {
    const warning = `${at}: ${ascii(definition.type)} is not supported, left out`
    return { tool: undefined, isCustom: false, warnings: [warning] }
  }
  const { name, description, format } = custom.output.custom
  const tool: Tool = {
    name,
    description: describeCustomTool(description, format?.grammar),
    parameters: CUSTOM_PARAMETERS,
    strict: false,
  }
  return { tool, isCustom: true, warnings: warnOfGrammar(format?.grammar, at) }
}

/** Of tools with the same name only the first one is offered. */
function namesOfCustomTools(decoded: readonly DecodedTool[]): ReadonlySet<string> {
  const kinds = new Map<string, boolean>()
  for (const { tool, isCustom } of decoded) {
    if (tool && !kinds.has(tool.name)) kinds.set(tool.name, isCustom)
  }
  return new Set([...kinds].flatMap(([name, isCustom]) => isCustom ? [name] : []))
}

interface Chosen {
  tools: readonly Tool[]
  toolChoice: ToolChoice | undefined
  warnings: readonly string[]
}

function choose(
  choice: Choice | undefined,
  tools: readonly Tool[],
  definitions: readonly ToolDefinition[],
): Chosen {
  if (choice === undefined) return { tools, toolChoice: undefined, warnings: [] }
  if (typeof choice === 'string') return { tools, toolChoice: { type: choice }, warnings: [] }
  if (choice.allowed_tools) return chooseAllowed(choice.allowed_tools, tools)
  const name = nameIn(choice)
  if (name === undefined || !isOffered(name, tools)) {
    const named = name ?? choice.type
    if (name !== undefined && !isLeftOut(name, definitions)) throw unknownTool(name)
    return { tools, toolChoice: { type: 'auto' }, warnings: [sentAsAuto(named)] }
  }
  return { tools, toolChoice: { type: 'function', name }, warnings: [] }
}

function chooseAllowed(
  { mode, tools: references }: { mode: 'auto' | 'required'; tools: readonly { type: string }[] },
  tools: readonly Tool[],
): Chosen {
  const names = new Set(references.map(nameIn))
  const unsupported = references.filter((reference) => nameIn(reference) === undefined)
  return {
    tools: tools.filter(({ name }) => names.has(name)),
    toolChoice: { type: mode },
    warnings: unsupported.map(({ type }) =>
      `tool_choice: ${ascii(type)} is not supported, left out`
    ),
  }
}

/** The name in a reference to a function or a custom tool. */
function nameIn(reference: { type: string }): string | undefined {
  const { function: named, custom } = membersOf(reference)
  const { name } = membersOf(reference.type === 'custom' ? custom : named)
  return typeof name === 'string' ? name : undefined
}

/** Without tools, the choice has no effect and gets a warning later. */
function isOffered(name: string, tools: readonly Tool[]): boolean {
  return tools.length === 0 || tools.some((tool) => tool.name === name)
}

/** Whether a name belongs to a tool of the request that is not offered. */
function isLeftOut(name: string, definitions: readonly ToolDefinition[]): boolean {
  return definitions.some((definition) => {
    const { type, name: own, [definition.type]: inner } = membersOf(definition)
    return type === name || own === name || membersOf(inner)['name'] === name
  })
}

function sentAsAuto(name: string): string {
  return `tool_choice: ${ascii(name)} is not supported, sent as auto`
}

function unknownTool(name: string): ApiError {
  return new ApiError(
    'invalid_request',
    `tool_choice names "${shorten(name)}", which is not in "tools"`,
    { param: 'tool_choice' },
  )
}
