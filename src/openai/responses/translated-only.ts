import { describeBuiltIn } from './built-in-tools.ts'
import { isOwnSummary } from './compaction.ts'
import { isGatewayResponse, responseOfItem } from './identity.ts'
import { asObject, asText } from '../loose-json.ts'
import type { ResponsesRequest } from './schema.ts'

/** Item types that the gateway understands and OCI's OpenAI endpoint is not known to accept. */
const ITEM_TYPES: ReadonlySet<unknown> = new Set([
  ...['additional_tools', 'configuration_update', 'program', 'program_output'],
  ...['compaction_trigger', 'tool_search_call', 'tool_search_output'],
  ...['shell_call', 'shell_call_output'],
  ...['local_shell_call', 'local_shell_call_output'],
  ...['apply_patch_call', 'apply_patch_call_output'],
  ...['computer_call', 'computer_call_output'],
])

/**
 * Whether a request must not be relayed to OCI: it refers to responses or items of the gateway's own
 * store, or it has items or tools that OCI's OpenAI endpoint is not known to accept.
 */
export function needsTranslation(body: ResponsesRequest): boolean {
  const { input, tools, previous_response_id: previous } = body
  if (typeof previous === 'string' && isGatewayResponse(previous)) return true
  if (Array.isArray(tools) && tools.some(isClientTool)) return true
  return Array.isArray(input) && input.some(isOwnItem)
}

function isClientTool(tool: unknown): boolean {
  return describeBuiltIn(asObject(tool) ?? {}) !== undefined
}

function isOwnItem(item: unknown): boolean {
  const { type, role, id, encrypted_content: content } = asObject(item) ?? {}
  if (ITEM_TYPES.has(type) || isOwnSummary(content)) return true
  const isReference = type === 'item_reference' || (type ?? role ?? undefined) === undefined
  return isReference && responseOfItem(asText(id)) !== undefined
}
