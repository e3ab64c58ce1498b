import type { Tool, ToolChoice } from '../../chat/model.ts'
import { ascii, shorten } from '../../chat/warnings.ts'
import { ApiError } from '../../errors.ts'
import { isBuiltInType } from './built-in-tools.ts'
import type { NestedReference, ToolReference, TranslatedRequest } from './schema.ts'
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
 * an `invalid_request` for a tool that the request does not define. `leftOut` has the names and types
 * of the tools that are not offered.
 */
export function chooseTools(
  choice: TranslatedRequest['tool_choice'],
  offered: readonly OfferedTool[],
  leftOut: ReadonlySet<string>,
): Chosen {
  if (choice === undefined || choice === null) return { offered, choice: undefined, warnings: [] }
  const plain = typeof choice === 'string' ? choice : PLAIN_CHOICES.get(choice.type)
  if (plain) return withoutImpossible({ offered, choice: { type: plain }, warnings: [] }, leftOut)
  if (typeof choice === 'string') return { offered, choice: { type: 'auto' }, warnings: [] }
  switch (choice.type) {
    case 'function':
    case 'custom':
      return chooseNamed(flat(choice), offered, leftOut)
    case 'allowed_tools': {
      const allowed = { ...choice, ...choice.allowed_tools }
      return withoutImpossible(chooseAllowed(allowed, offered, leftOut), leftOut)
    }
    default: {
      const types = choice.type === 'computer_use' ? COMPUTER_TYPES : [choice.type]
      const builtIn = offered.find(({ client }) => types.includes(client.type))
      return builtIn ? chooseOffered(builtIn, offered) : sentAsAuto(choice.type, offered)
    }
  }
}

/** Choices that some clients send as an object, as in Anthropic's API. */
const PLAIN_CHOICES: ReadonlyMap<string, 'auto' | 'none' | 'required'> = new Map([
  ['auto', 'auto'],
  ['none', 'none'],
  ['required', 'required'],
  ['any', 'required'],
])

/** The tool choice has one more name for the computer tools. */
const COMPUTER_TYPES = ['computer', 'computer_use_preview']

function chooseNamed(
  reference: ToolReference,
  offered: readonly OfferedTool[],
  leftOut: ReadonlySet<string>,
): Chosen {
  const matches = matcherOf([reference])
  const found = offered.find(({ client }) => matches(client))
  if (found) return chooseOffered(found, offered)
  const name = reference.name ?? ''
  if (leftOut.has(name)) return sentAsAuto(name, offered)
  throw new ApiError(
    'invalid_request',
    `tool_choice names "${shorten(name)}", which is not in "tools"`,
    { param: 'tool_choice' },
  )
}

function chooseOffered({ tool }: OfferedTool, offered: readonly OfferedTool[]): Chosen {
  return { offered, choice: { type: 'function', name: tool.name }, warnings: [] }
}

function sentAsAuto(name: string, offered: readonly OfferedTool[]): Chosen {
  const warning = `tool_choice: ${ascii(name)} is not supported, sent as auto`
  return { offered, choice: { type: 'auto' }, warnings: [warning] }
}

/** A reference with its name beside the type, also if the client nests it as in chat completions. */
function flat(reference: NestedReference): ToolReference {
  const { name, custom, function: named } = reference
  return { ...reference, name: name ?? named?.name ?? custom?.name }
}

/** A call cannot be required if the tools that could be called were left out. */
function withoutImpossible(chosen: Chosen, leftOut: ReadonlySet<string>): Chosen {
  const { offered, choice, warnings } = chosen
  if (choice?.type !== 'required' || offered.length > 0) return chosen
  if (leftOut.size === 0 && warnings.length === 0) return chosen
  const warning = 'tool_choice: no tool is left that could be required, sent as auto'
  return { ...chosen, choice: { type: 'auto' }, warnings: [...warnings, warning] }
}

function chooseAllowed(
  { mode, tools }: {
    mode?: 'auto' | 'required' | null | undefined
    tools?: readonly NestedReference[] | null | undefined
  },
  offered: readonly OfferedTool[],
  leftOut: ReadonlySet<string>,
): Chosen {
  const references = (tools ?? []).map(flat)
  const isAllowed = matcherOf(references)
  const allowed = offered.filter(({ client }) => isAllowed(client))
  const known = new Set(
    offered.flatMap(({ client: { type, name, namespace } }) => [type, name, namespace]),
  )
  return {
    offered: allowed,
    choice: { type: mode ?? 'auto' },
    warnings: references.flatMap(({ type, name }) => {
      const wanted = NAMED_TYPES.has(type) ? name ?? '' : type
      if (known.has(wanted)) return []
      const isUnsupported = !NAMED_TYPES.has(type) || leftOut.has(wanted)
      const problem = isUnsupported ? 'is not supported' : 'is not in "tools"'
      return [`tool_choice: ${ascii(wanted)} ${problem}, left out`]
    }),
  }
}

const NAMED_TYPES: ReadonlySet<string> = new Set(['function', 'custom', 'namespace'])

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
