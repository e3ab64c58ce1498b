import type { Tool, ToolChoice } from '../../chat/model.ts'
import { shorten } from '../../chat/warnings.ts'
import { ApiError } from '../../errors.ts'
import { isBuiltInType } from './built-in-tools.ts'
import type { ToolReference, TranslatedRequest } from './schema.ts'
import type { ClientTool } from './tool-name-map.ts'

/** A tool that is offered to the model, with its definition by the client. */
export interface OfferedTool {
  tool: Tool
  client: ClientTool
}

/** The tools that remain, and the choice among them. */
export interface Chosen {
  offered: readonly OfferedTool[]
  choice: ToolChoice | undefined
  warnings: readonly string[]
}

/**
 * Decodes the tool choice. A choice of a tool that was left out becomes `auto`, with a warning. Throws
 * an `invalid_request` for a tool that the request does not define.
 */
export function chooseTools(
  choice: TranslatedRequest['tool_choice'],
  offered: readonly OfferedTool[],
  { isEveryToolOffered }: { isEveryToolOffered: boolean },
): Chosen {
  if (choice === undefined || choice === null) return { offered, choice: undefined, warnings: [] }
  if (typeof choice === 'string') {
    return withoutImpossible(
      { offered, choice: { type: choice }, warnings: [] },
      isEveryToolOffered,
    )
  }
  switch (choice.type) {
    case 'function':
    case 'custom': {
      const { tool } = find(choice, offered)
      return { offered, choice: { type: 'function', name: tool.name }, warnings: [] }
    }
    case 'allowed_tools':
      return withoutImpossible(chooseAllowed(choice, offered), isEveryToolOffered)
    default: {
      const builtIn = offered.find(({ client }) => client.type === choice.type)
      if (builtIn) {
        return { offered, choice: { type: 'function', name: builtIn.tool.name }, warnings: [] }
      }
      const warning = `tool_choice: ${shorten(choice.type)} is not supported, sent as auto`
      return { offered, choice: { type: 'auto' }, warnings: [warning] }
    }
  }
}

/** A call cannot be required if the tools that could be called were left out. */
function withoutImpossible(chosen: Chosen, isEveryToolOffered: boolean): Chosen {
  const { offered, choice, warnings } = chosen
  if (choice?.type !== 'required' || offered.length > 0) return chosen
  if (isEveryToolOffered && warnings.length === 0) return chosen
  const warning = 'tool_choice: no tool is left that could be required, sent as auto'
  return { ...chosen, choice: { type: 'auto' }, warnings: [...warnings, warning] }
}

function chooseAllowed(
  { mode, tools }: {
    mode?: 'auto' | 'required' | null | undefined
    tools?: readonly ToolReference[] | null | undefined
  },
  offered: readonly OfferedTool[],
): Chosen {
  const references = tools ?? []
  const isAllowed = matcherOf(references)
  const allowed = offered.filter(({ client }) => isAllowed(client))
  const unsupported = references.filter(({ type }) =>
    !['function', 'custom', 'namespace'].includes(type) &&
    !offered.some(({ client }) => client.type === type)
  )
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
  const builtIns = new Set<string>()
  /** Namespaces by type and name of the tool; `undefined` matches any namespace. */
  const named = {
    function: new Map<string, Set<string | undefined>>(),
    custom: new Map<string, Set<string | undefined>>(),
  }
  for (const { type, name, namespace } of references) {
    if (isBuiltInType(type)) builtIns.add(type)
    if (typeof name !== 'string') continue
    if (type === 'namespace') namespaces.add(name)
    else if (type === 'function' || type === 'custom') {
      const matching = named[type].get(name) ?? new Set()
      named[type].set(name, matching.add(namespace ?? undefined))
    }
  }
  return ({ type, name, namespace }) => {
    if (isBuiltInType(type)) return builtIns.has(type)
    if (namespace !== undefined && namespaces.has(namespace)) return true
    const matching = named[type].get(name)
    return matching !== undefined && (matching.has(undefined) || matching.has(namespace))
  }
}

function find(reference: ToolReference, offered: readonly OfferedTool[]): OfferedTool {
  const matches = matcherOf([reference])
  const found = offered.find(({ client }) => matches(client))
  if (found) return found
  throw new ApiError(
    'invalid_request',
    `tool_choice names "${shorten(reference.name ?? '')}", which is not in "tools"`,
    { param: 'tool_choice' },
  )
}
