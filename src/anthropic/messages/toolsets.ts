import type { Tool } from '../../chat/model.ts'
import type { OtherTool } from './schema.ts'
import { BROWSER, COMPUTER, type ToolsetMember } from './toolset-members.ts'

/** A family of tools that one definition declares and that the client runs. */
export type Toolset = 'computer' | 'browser'

const MEMBERS: Readonly<Record<Toolset, Readonly<Record<string, ToolsetMember>>>> = {
  computer: COMPUTER,
  browser: BROWSER,
}

/** Offered only if a client enables them: the documentation leaves the default to each member. */
const DISABLED: Readonly<Record<Toolset, readonly string[]>> = {
  computer: [],
  browser: ['javascript_exec', 'file_upload'],
}

/** The toolset that a definition declares, of any version; `undefined` for other tools. */
export function toolsetOf({ type }: OtherTool): Toolset | undefined {
  const [, family] = /^(computer|browser)_toolset_\d{8}$/.exec(type) ?? []
  return isToolset(family) ? family : undefined
}

/** Whether a value names a toolset. */
export function isToolset(value: unknown): value is Toolset {
  return value === 'computer' || value === 'browser'
}

/** Returns the members of a toolset that its `configs` do not disable, as functions. */
export function decodeToolset(toolset: Toolset, { configs }: OtherTool): Tool[] {
  return Object.entries(MEMBERS[toolset]).flatMap(
    ([member, [description, properties, required]]) => {
      const isEnabled = enabledIn(configs, member) ?? !DISABLED[toolset].includes(member)
      if (!isEnabled) return []
      return [{
        name: memberName(toolset, member),
        description,
        parameters: { type: 'object', properties: properties ?? {}, required: required ?? [] },
        strict: false,
      }]
    },
  )
}

function enabledIn(configs: unknown, member: string): boolean | undefined {
  const config = isObject(configs) ? configs[member] : undefined
  return isObject(config) && typeof config['enabled'] === 'boolean' ? config['enabled'] : undefined
}

/** The model's name of a member. The toolsets have members of the same name. */
export function memberName(toolset: Toolset, member: string): string {
  return `${toolset}__${member}`
}

/** The name of a call as the client knows it. */
export interface CallName {
  name: string
  toolset_name?: Toolset
}

/** Returns the client's name of a call, of a member of one of its toolsets or of another tool. */
export function callName(name: string, toolsets: readonly Toolset[]): CallName {
  for (const toolset of toolsets) {
    const member = name.slice(memberName(toolset, '').length)
    if (memberName(toolset, member) === name && Object.hasOwn(MEMBERS[toolset], member)) {
      return { name: member, toolset_name: toolset }
    }
  }
  return { name }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
