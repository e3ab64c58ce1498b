import type { JsonObject } from '../../json-object.ts'
import type { ToolCall } from '../../chat/model.ts'
import { customInput } from '../custom-tools.ts'
import { computerActions } from './computer-actions.ts'
import { asObject, asText, toText } from '../loose-json.ts'
import type { ClientTool } from './tool-name-map.ts'
import type {
  ApplyPatchCallOutput,
  CallOutput,
  ComputerCallOutput,
  ItemStatus,
  LocalShellCallOutput,
  ShellCallOutput,
} from './wire.ts'

/** Creates the item of a call, of the client's kind and under the client's name of the tool. */
export function callItem(
  id: string,
  call: ToolCall,
  { type, name, namespace }: ClientTool,
  status: ItemStatus,
): CallOutput {
  const shared = { id, status, call_id: call.id }
  const named = { ...shared, name, ...(namespace !== undefined && { namespace }) }
  switch (type) {
    case 'function':
      return { ...named, type: 'function_call', arguments: call.arguments }
    case 'custom':
      return { ...named, type: 'custom_tool_call', input: customInput(call.arguments) }
    case 'shell': {
      const action = shellAction(argumentsOf(call, 'action'))
      return { ...shared, type: 'shell_call', action, environment: { type: 'local' } }
    }
    case 'local_shell':
      return {
        ...shared,
        type: 'local_shell_call',
        action: execAction(argumentsOf(call, 'action')),
      }
    case 'apply_patch': {
      const operation = patchOperation(argumentsOf(call, 'operation'))
      // OpenAI defines no other status for this item.
      const patchStatus = status === 'in_progress' ? status : 'completed'
      return { ...shared, status: patchStatus, type: 'apply_patch_call', operation }
    }
    case 'computer':
    case 'computer_use_preview': {
      const performed = performedActions(type, call)
      return { ...shared, type: 'computer_call', ...performed, pending_safety_checks: [] }
    }
    case 'tool_search': {
      const parsed = parse(call.arguments) ?? { query: call.arguments }
      return { ...shared, type: 'tool_search_call', execution: 'client', arguments: parsed }
    }
  }
}

/** The prefixes of the ids of call items. */
export const CALL_PREFIXES: Readonly<Record<ClientTool['type'], string>> = {
  function: 'fc',
  custom: 'ctc',
  shell: 'sh',
  local_shell: 'lsh',
  apply_patch: 'apc',
  tool_search: 'tsc',
  computer: 'cu',
  computer_use_preview: 'cu',
}

/** The member with the arguments. Some models write its members without it. */
function argumentsOf(call: ToolCall, member: 'action' | 'operation'): JsonObject {
  const parsed = parse(call.arguments) ?? {}
  return asObject(parsed[member]) ?? parsed
}

function shellAction(
  { commands, command, timeout_ms, max_output_length }: JsonObject,
): ShellCallOutput['action'] {
  return {
    commands: textsOf(commands ?? command),
    timeout_ms: numberOf(timeout_ms),
    max_output_length: numberOf(max_output_length),
  }
}

function execAction(action: JsonObject): LocalShellCallOutput['action'] {
  const { command, env, timeout_ms, user, working_directory } = action
  const variables = Object.entries(asObject(env) ?? {}).map(([key, value]) => [key, toText(value)])
  return {
    type: 'exec',
    // The client executes a list without a shell.
    command: typeof command === 'string' ? ['bash', '-lc', command] : textsOf(command),
    env: Object.fromEntries(variables),
    timeout_ms: numberOf(timeout_ms),
    user: asText(user) || null,
    working_directory: asText(working_directory) || null,
  }
}

function patchOperation({ type, path, diff }: JsonObject): ApplyPatchCallOutput['operation'] {
  const target = asText(path)
  switch (type) {
    case 'delete_file':
      return { type, path: target }
    case 'create_file':
    case 'update_file':
      return { type, path: target, diff: asText(diff) }
    default:
      return { type: 'update_file', path: target, diff: asText(diff) }
  }
}

/** The newer tool performs a list of actions at once. */
function performedActions(
  type: 'computer' | 'computer_use_preview',
  call: ToolCall,
): Pick<ComputerCallOutput, 'action' | 'actions'> {
  const actions = computerActions(parse(call.arguments) ?? {})
  const [action = { type: 'screenshot' as const }] = actions
  return type === 'computer' ? { actions } : { action }
}

function textsOf(value: unknown): string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value]
  return list.filter((text) => typeof text === 'string')
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' ? value : null
}

function parse(json: string): JsonObject | undefined {
  try {
    return asObject(JSON.parse(json))
  } catch {
    return undefined
  }
}
