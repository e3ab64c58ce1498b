import * as v from 'valibot'
import type { Tool, ToolChoice } from '../../chat/model.ts'
import { shorten } from '../../chat/warnings.ts'
import { CUSTOM_PARAMETERS, describeCustomTool, warnOfGrammar } from '../custom-tools.ts'
import { describeBuiltIn } from './built-in-tools.ts'
import { chooseTools, type OfferedTool } from './choose-tools.ts'
import type { ItemList } from './decode-items.ts'
import { asObject, asText } from '../loose-json.ts'
import {
  type CustomTool,
  type FunctionTool,
  NamespaceMember,
  type NamespaceTool,
  type OtherTool,
  ToolDefinition,
  type TranslatedRequest,
} from './schema.ts'
import { type ClientTool, createToolNameMap, type ToolNameMap } from './tool-name-map.ts'

export interface DecodedTools {
  tools: readonly Tool[]
  toolChoice: ToolChoice | undefined
  toolNames: ToolNameMap
  warnings: readonly string[]
}

/**
 * Decodes the tools and the tool choice. A namespace becomes a prefix of its tools' names, a custom
 * tool a function of one string, a tool with a type of its own a function with its arguments. The
 * tools in the items of the conversation are offered, too. Tools that OpenAI executes are left out.
 */
export function decodeTools(
  { tools, tool_choice }: Pick<TranslatedRequest, 'tools' | 'tool_choice'>,
  conversation: readonly ItemList[] = [],
): DecodedTools {
  const toolNames = createToolNameMap()
  const decoded = (tools ?? []).map((tool, index) => decodeTool(tool, `tools[${index}]`, toolNames))
  const inItems = conversation.flatMap((list) => decodeToolsInItems(list, toolNames))
  const all = [...decoded, ...inItems]
  const offered = [
    ...decoded.flatMap((each) => each.offered),
    ...latest(inItems.flatMap((each) => each.offered), decoded),
  ]
  const leftOut = new Set(all.flatMap((each) => each.leftOut ?? []))
  const chosen = chooseTools(tool_choice, offered, leftOut)
  return {
    tools: chosen.offered.map(({ tool }) => tool),
    toolChoice: chosen.choice,
    toolNames,
    warnings: [...all.flatMap(({ warnings }) => warnings), ...chosen.warnings],
  }
}

/** Decodes tools that become available in a conversation. An invalid one is left out. */
function decodeToolsInItems({ items, at }: ItemList, toolNames: ToolNameMap): DecodedTool[] {
  return items.flatMap((item, index) => {
    const { type, tools } = asObject(item) ?? {}
    const hasTools = type === 'additional_tools' || type === 'tool_search_output'
    if (!hasTools || !Array.isArray(tools)) return []
    return tools.flatMap((tool: unknown, position) =>
      decodeToolInItem(tool, `${at}[${index}].tools[${position}]`, toolNames)
    )
  })
}

/** An invalid tool of a namespace does not affect the others. */
function decodeToolInItem(tool: unknown, at: string, toolNames: ToolNameMap): DecodedTool[] {
  const { type, tools, ...members } = asObject(tool) ?? {}
  const list: readonly unknown[] = type === 'namespace' && Array.isArray(tools) ? tools : []
  const invalid = list.flatMap((member, index) =>
    v.is(NamespaceMember, member) ? [] : [leaveOutInvalid(member, `${at}.tools[${index}]`)]
  )
  const valid = invalid.length === 0
    ? tool
    : { ...members, type, tools: list.filter((member) => v.is(NamespaceMember, member)) }
  const checked = v.safeParse(ToolDefinition, valid, { abortEarly: true })
  if (!checked.success) return [leaveOutInvalid(tool, at)]
  return [decodeTool(checked.output, at, toolNames), ...invalid]
}

function leaveOutInvalid(tool: unknown, at: string): DecodedTool {
  const warnings = [`${at}: not a valid definition of a tool, left out`]
  return { offered: [], warnings, leftOut: [asText(asObject(tool)?.['name'])] }
}

/** The last definition of each tool that `tools` does not have: clients repeat them in each turn. */
function latest(
  offered: readonly OfferedTool[],
  decoded: readonly DecodedTool[],
): Iterable<OfferedTool> {
  const known = new Set(decoded.flatMap((each) => each.offered.map(({ tool }) => tool.name)))
  const others = offered.filter(({ tool }) => !known.has(tool.name))
  return new Map(others.map((each) => [each.tool.name, each])).values()
}

interface DecodedTool {
  offered: readonly OfferedTool[]
  warnings: readonly string[]
  /** The types and names of tools that are not offered. */
  leftOut?: readonly string[]
}

function decodeTool(tool: ToolDefinition, at: string, toolNames: ToolNameMap): DecodedTool {
  if (isNamespace(tool)) {
    const { name: namespace, description } = tool
    const members = tool.tools.map((member, index) =>
      isClientTool(member)
        ? decodeClientTool(member, namespace, `${at}.tools[${index}]`, toolNames)
        : leaveOut(member, `${at}.tools[${index}]`)
    )
    const offered = members.flatMap((member) => member.offered)
    return {
      offered: offered.map((each, index) =>
        index > 0 ? each : withNamespaceDescription(each, description)
      ),
      warnings: members.flatMap(({ warnings }) => warnings),
      leftOut: members.flatMap((member) => member.leftOut ?? []),
    }
  }
  if (isClientTool(tool)) return decodeClientTool(tool, undefined, at, toolNames)
  return decodeBuiltIn(tool, toolNames) ?? leaveOut(tool, at)
}

function leaveOut({ type, name }: OtherTool, at: string): DecodedTool {
  const warnings = [`${at}: ${shorten(type)} is not supported, left out`]
  return { offered: [], warnings, leftOut: [type, ...(typeof name === 'string' ? [name] : [])] }
}

function decodeBuiltIn(tool: OtherTool, toolNames: ToolNameMap): DecodedTool | undefined {
  const builtIn = describeBuiltIn(tool)
  if (!builtIn) return undefined
  const { type, description, parameters } = builtIn
  const client: ClientTool = { type, name: type, namespace: undefined }
  const name = toolNames.add(client)
  const offered = [{ tool: { name, description, parameters, strict: false }, client }]
  return { offered, warnings: [] }
}

function isNamespace(tool: ToolDefinition): tool is NamespaceTool {
  return tool.type === 'namespace'
}

function isClientTool(tool: ToolDefinition): tool is FunctionTool | CustomTool {
  return tool.type === 'function' || tool.type === 'custom'
}

/** Puts the description of a namespace before that of its first tool. */
function withNamespaceDescription(
  offered: OfferedTool,
  namespace: string | null | undefined,
): OfferedTool {
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
