import type { Tool, ToolChoice } from '../../chat/model.ts'
import { shorten } from '../../chat/warnings.ts'
import { ApiError } from '../../errors.ts'
import type {
  CustomTool,
  FunctionTool,
  NamespaceTool,
  ToolDefinition,
  ToolReference,
  TranslatedRequest,
} from './schema.ts'
import { type ClientTool, createToolNameMap, type ToolNameMap } from './tool-name-map.ts'

export interface DecodedTools {
  tools: readonly Tool[]
  toolChoice: ToolChoice | undefined
  book: ToolNameMap
  warnings: readonly string[]
}

/** A tool that is offered, and what it was called by the client. */
interface Offered {
  tool: Tool
  client: ClientTool
}

/**
 * Reads the tools and the choice among them: groups become names, custom tools functions of one
 * text; what OpenAI's own service would run is left out, with a warning.
 */
export function decodeTools({ tools, tool_choice }: TranslatedRequest): DecodedTools {
  const book = createToolNameMap()
  const decoded = (tools ?? []).map((tool, index) => decodeTool(tool, `tools[${index}]`, book))
  const offered = decoded.flatMap((each) => each.offered)
  const chosen = choose(tool_choice, offered)
  return {
    tools: chosen.offered.map(({ tool }) => tool),
    toolChoice: chosen.choice,
    book,
    warnings: [...decoded.flatMap(({ warnings }) => warnings), ...chosen.warnings],
  }
}

interface DecodedTool {
  offered: readonly Offered[]
  warnings: readonly string[]
}

function decodeTool(tool: ToolDefinition, at: string, book: ToolNameMap): DecodedTool {
  if (isNamespace(tool)) {
    const { name: namespace, description } = tool
    const members = tool.tools.map((member, index) =>
      decodeOwn(member, namespace, `${at}.tools[${index}]`, book)
    )
    const offered = members.flatMap((member) => member.offered)
    return {
      offered: offered.map((each, index) => index > 0 ? each : withGroup(each, description)),
      warnings: members.flatMap(({ warnings }) => warnings),
    }
  }
  if (isOwn(tool)) return decodeOwn(tool, undefined, at, book)
  return { offered: [], warnings: [`${at}: ${shorten(tool.type)} is not run here, left out`] }
}

function isNamespace(tool: ToolDefinition): tool is NamespaceTool {
  return tool.type === 'namespace'
}

function isOwn(tool: ToolDefinition): tool is FunctionTool | CustomTool {
  return tool.type === 'function' || tool.type === 'custom'
}

/** What is said of a group is told once, with the first of its tools. */
function withGroup(offered: Offered, group: string | null | undefined): Offered {
  const { tool } = offered
  if (!group) return offered
  const description = tool.description ? `${group}\n\n${tool.description}` : group
  return { ...offered, tool: { ...tool, description } }
}

function decodeOwn(
  tool: FunctionTool | CustomTool,
  namespace: string | undefined,
  at: string,
  book: ToolNameMap,
): DecodedTool {
  const client: ClientTool = { type: tool.type, name: tool.name, namespace }
  const name = book.enter(client)
  switch (tool.type) {
    case 'function': {
      const { description, parameters, strict } = tool
      const decoded: Tool = {
        name,
        description: description ?? undefined,
        parameters: parameters ?? undefined,
        strict: strict ?? false,
      }
      return { offered: [{ tool: decoded, client }], warnings: [] }
    }
    case 'custom': {
      const grammar = tool.format?.definition
      const decoded = { name, description: describeCustom(tool), ...ONE_TEXT, strict: false }
      return {
        offered: [{ tool: decoded, client }],
        warnings: grammar ? [`${at}: the grammar is told to the model, not enforced`] : [],
      }
    }
  }
}

const ONE_TEXT = {
  parameters: {
    type: 'object',
    properties: { input: { type: 'string', description: "The tool's whole input, as plain text" } },
    required: ['input'],
    additionalProperties: false,
  },
}

function describeCustom({ description, format }: CustomTool): string | undefined {
  const rule = format?.definition
    ? `The input must fit this ${format.syntax ?? ''} grammar:\n${format.definition}`
    : undefined
  return [description, rule].filter(Boolean).join('\n\n') || undefined
}

interface Chosen {
  offered: readonly Offered[]
  choice: ToolChoice | undefined
  warnings: readonly string[]
}

function choose(choice: TranslatedRequest['tool_choice'], offered: readonly Offered[]): Chosen {
  if (choice === undefined || choice === null) return { offered, choice: undefined, warnings: [] }
  if (typeof choice === 'string') return { offered, choice: { type: choice }, warnings: [] }
  switch (choice.type) {
    case 'function':
    case 'custom': {
      const { tool } = find(choice, offered)
      return { offered, choice: { type: 'function', name: tool.name }, warnings: [] }
    }
    case 'allowed_tools':
      return chooseAllowed(choice, offered)
    default: {
      const warning = `tool_choice: ${shorten(choice.type)} is not run here, sent as auto`
      return { offered, choice: { type: 'auto' }, warnings: [warning] }
    }
  }
}

function chooseAllowed(
  { mode, tools }: {
    mode?: 'auto' | 'required' | null | undefined
    tools?: readonly ToolReference[] | null | undefined
  },
  offered: readonly Offered[],
): Chosen {
  const references = tools ?? []
  const isAllowed = matcherOf(references)
  const allowed = offered.filter(({ client }) => isAllowed(client))
  const left = references.filter(({ type }) => type !== 'function' && type !== 'custom')
    .filter(({ type }) => type !== 'namespace')
  return {
    offered: allowed,
    choice: { type: mode ?? 'auto' },
    warnings: left.map(({ type }) => `tool_choice: ${shorten(type)} is not run here, left out`),
  }
}

/**
 * Which tools a list of references means, looked up in constant time. A tool of a namespace may be
 * named with its namespace or by itself; a namespace stands for all its tools.
 */
function matcherOf(references: readonly ToolReference[]): (client: ClientTool) => boolean {
  const namespaces = new Set<string>()
  /** The namespaces of the tools of each type and name; `undefined` stands for any of them. */
  const named = {
    function: new Map<string, Set<string | undefined>>(),
    custom: new Map<string, Set<string | undefined>>(),
  }
  for (const { type, name, namespace } of references) {
    if (typeof name !== 'string') continue
    if (type === 'namespace') namespaces.add(name)
    else if (type === 'function' || type === 'custom') {
      const meant = named[type].get(name) ?? new Set()
      named[type].set(name, meant.add(namespace ?? undefined))
    }
  }
  return ({ type, name, namespace }) => {
    if (namespace !== undefined && namespaces.has(namespace)) return true
    const meant = named[type].get(name)
    return meant !== undefined && (meant.has(undefined) || meant.has(namespace))
  }
}

function find(wanted: ToolReference, offered: readonly Offered[]): Offered {
  const isWanted = matcherOf([wanted])
  const found = offered.find(({ client }) => isWanted(client))
  if (found) return found
  throw new ApiError(
    'invalid_request',
    `tool_choice names "${shorten(wanted.name ?? '')}", which is not in "tools"`,
    { param: 'tool_choice' },
  )
}
