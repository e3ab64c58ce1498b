import type { Tool, ToolChoice } from '../../chat/model.ts'
import { shorten } from '../../chat/warnings.ts'
import { ApiError } from '../../errors.ts'
import { CUSTOM_PARAMETERS, describeCustomTool, warnOfGrammar } from '../custom-tools.ts'
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
  toolNames: ToolNameMap
  warnings: readonly string[]
}

/** A tool that is offered to the model, with its definition by the client. */
interface Offered {
  tool: Tool
  client: ClientTool
}

/**
 * Decodes the tools and the tool choice. A namespace becomes a prefix of its tools' names, a custom
 * tool a function of one string. Tools that OpenAI runs itself are left out, with a warning.
 */
export function decodeTools({ tools, tool_choice }: TranslatedRequest): DecodedTools {
  const toolNames = createToolNameMap()
  const decoded = (tools ?? []).map((tool, index) => decodeTool(tool, `tools[${index}]`, toolNames))
  const offered = decoded.flatMap((each) => each.offered)
  const chosen = choose(tool_choice, offered)
  return {
    tools: chosen.offered.map(({ tool }) => tool),
    toolChoice: chosen.choice,
    toolNames,
    warnings: [...decoded.flatMap(({ warnings }) => warnings), ...chosen.warnings],
  }
}

interface DecodedTool {
  offered: readonly Offered[]
  warnings: readonly string[]
}

function decodeTool(tool: ToolDefinition, at: string, toolNames: ToolNameMap): DecodedTool {
  if (isNamespace(tool)) {
    const { name: namespace, description } = tool
    const members = tool.tools.map((member, index) =>
      decodeClientTool(member, namespace, `${at}.tools[${index}]`, toolNames)
    )
    const offered = members.flatMap((member) => member.offered)
    return {
      offered: offered.map((each, index) =>
        index > 0 ? each : withNamespaceDescription(each, description)
      ),
      warnings: members.flatMap(({ warnings }) => warnings),
    }
  }
  if (isClientTool(tool)) return decodeClientTool(tool, undefined, at, toolNames)
  return { offered: [], warnings: [`${at}: ${shorten(tool.type)} is not supported, left out`] }
}

function isNamespace(tool: ToolDefinition): tool is NamespaceTool {
  return tool.type === 'namespace'
}

function isClientTool(tool: ToolDefinition): tool is FunctionTool | CustomTool {
  return tool.type === 'function' || tool.type === 'custom'
}

/** Puts the description of a namespace before that of its first tool. */
function withNamespaceDescription(offered: Offered, namespace: string | null | undefined): Offered {
  const { tool } = offered
  if (!namespace) return offered
  const description = tool.description ? `${namespace}\n\n${tool.description}` : namespace
  return { ...offered, tool: { ...tool, description } }
}

function decodeClientTool(
  tool: FunctionTool | CustomTool,
  namespace: string | undefined,
  at: string,
  toolNames: ToolNameMap,
): DecodedTool {
  const client: ClientTool = { type: tool.type, name: tool.name, namespace }
  const name = toolNames.add(client)
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
      const description = describeCustomTool(tool.description, tool.format)
      const decoded = { name, description, parameters: CUSTOM_PARAMETERS, strict: false }
      return {
        offered: [{ tool: decoded, client }],
        warnings: warnOfGrammar(tool.format, at),
      }
    }
  }
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
      const warning = `tool_choice: ${shorten(choice.type)} is not supported, sent as auto`
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
  const unsupported = references.filter(({ type }) => type !== 'function' && type !== 'custom')
    .filter(({ type }) => type !== 'namespace')
  return {
    offered: allowed,
    choice: { type: mode ?? 'auto' },
    warnings: unsupported.map(({ type }) =>
      `tool_choice: ${shorten(type)} is not supported, left out`
    ),
  }
}

/**
 * Creates a test in constant time for the tools that a list of references names. A tool may be named
 * with or without its namespace; a namespace names all its tools.
 */
function matcherOf(references: readonly ToolReference[]): (client: ClientTool) => boolean {
  const namespaces = new Set<string>()
  /** Namespaces by type and name of the tool; `undefined` matches any namespace. */
  const named = {
    function: new Map<string, Set<string | undefined>>(),
    custom: new Map<string, Set<string | undefined>>(),
  }
  for (const { type, name, namespace } of references) {
    if (typeof name !== 'string') continue
    if (type === 'namespace') namespaces.add(name)
    else if (type === 'function' || type === 'custom') {
      const matching = named[type].get(name) ?? new Set()
      named[type].set(name, matching.add(namespace ?? undefined))
    }
  }
  return ({ type, name, namespace }) => {
    if (namespace !== undefined && namespaces.has(namespace)) return true
    const matching = named[type].get(name)
    return matching !== undefined && (matching.has(undefined) || matching.has(namespace))
  }
}

function find(reference: ToolReference, offered: readonly Offered[]): Offered {
  const matches = matcherOf([reference])
  const found = offered.find(({ client }) => matches(client))
  if (found) return found
  throw new ApiError(
    'invalid_request',
    `tool_choice names "${shorten(reference.name ?? '')}", which is not in "tools"`,
    { param: 'tool_choice' },
  )
}
