import * as v from 'valibot'
import type { Tool, ToolChoice } from '../../chat/model.ts'
import { ascii, shorten } from '../../chat/warnings.ts'
import { ApiError } from '../../errors.ts'
import { findUnread } from '../../unread-members.ts'
import { CUSTOM_PARAMETERS, describeCustomTool, warnOfGrammar } from '../custom-tools.ts'
import { membersOf } from '../loose-json.ts'
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

const NO_TOOLS: DecodedTools = {
  tools: [],
  toolChoice: undefined,
  customTools: new Set(),
  warnings: [],
}

/**
 * Decodes the tools and the tool choice. A custom tool becomes a function of one string. Tools that
 * the provider runs are left out, with a warning.
 */
export function decodeTools(
  { tools: definitions, tool_choice: choice }: ChatCompletionRequest,
): DecodedTools {
  if (!definitions?.length && !choice) return NO_TOOLS
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
  return decodeCustom(definition, at) ?? {
    tool: undefined,
    isCustom: false,
    warnings: [`${at}: ${ascii(definition.type)} is not supported, left out`],
  }
}

/** Decodes a custom tool, also in the flat form of Responses. */
function decodeCustom(definition: ToolDefinition, at: string): DecodedTool | undefined {
  const { type, ...members } = membersOf(definition)
  const nested = 'custom' in members ? definition : { type, custom: members }
  const { success, output } = v.safeParse(CustomTool, nested)
  if (!success) return undefined
  const { name, description, format } = output.custom
  const grammar = format?.grammar ?? format
  return {
    tool: {
      name,
      description: describeCustomTool(description, grammar),
      parameters: CUSTOM_PARAMETERS,
      strict: false,
    },
    isCustom: true,
    warnings: [
      ...warnOfGrammar(grammar, at),
      ...findUnread(CustomTool, output, at).map((path) =>
        `${ascii(path)}: not supported, left out`
      ),
    ],
  }
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
  if (choice.allowed_tools) return chooseAllowed(choice.allowed_tools, tools, definitions)
  const plain = PLAIN_CHOICES.get(choice.type)
  if (plain) return { tools, toolChoice: { type: plain }, warnings: [] }
  const name = nameIn(choice)
  if (name === undefined || !isOffered(name, tools)) {
    const named = name ?? choice.type
    if (name !== undefined && !namesOf(definitions).has(name)) throw unknownTool(name)
    return { tools, toolChoice: { type: 'auto' }, warnings: [sentAsAuto(named)] }
  }
  return { tools, toolChoice: { type: 'function', name }, warnings: [] }
}

/** Choices that some clients send as an object, as in Anthropic's API. */
const PLAIN_CHOICES: ReadonlyMap<string, 'auto' | 'none' | 'required'> = new Map([
  ['auto', 'auto'],
  ['none', 'none'],
  ['required', 'required'],
  ['any', 'required'],
])

function chooseAllowed(
  { mode, tools: references }: { mode: 'auto' | 'required'; tools: readonly { type: string }[] },
  tools: readonly Tool[],
  definitions: readonly ToolDefinition[],
): Chosen {
  const names = new Set(references.map(nameIn))
  const offered = new Set(tools.map(({ name }) => name))
  const leftOut = namesOf(definitions)
  return {
    tools: tools.filter(({ name }) => names.has(name)),
    toolChoice: { type: mode },
    warnings: references.flatMap((reference) => {
      const name = nameIn(reference)
      if (name !== undefined && offered.has(name)) return []
      const isUnsupported = name === undefined || leftOut.has(name)
      const problem = isUnsupported ? 'is not supported' : 'is not in "tools"'
      return [`tool_choice: ${ascii(name ?? reference.type)} ${problem}, left out`]
    }),
  }
}

/** The name in a reference to a function or a custom tool. */
function nameIn(reference: { type: string }): string | undefined {
  const { function: named, custom, ...members } = membersOf(reference)
  // Anthropic's form is `{ type: 'tool', name }`.
  if (reference.type === 'tool') {
    return typeof members['name'] === 'string' ? members['name'] : undefined
  }
  const { name } = membersOf(reference.type === 'custom' ? custom : named)
  return typeof name === 'string' ? name : undefined
}

/** Without tools, the choice has no effect and gets a warning later. */
function isOffered(name: string, tools: readonly Tool[]): boolean {
  return tools.length === 0 || tools.some((tool) => tool.name === name)
}

/** The types and names of the request's tools. One of them that is not offered was left out. */
function namesOf(definitions: readonly ToolDefinition[]): ReadonlySet<unknown> {
  return new Set(definitions.flatMap((definition) => {
    const { type, name, [definition.type]: inner } = membersOf(definition)
    return [type, name, membersOf(inner)['name']]
  }))
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
