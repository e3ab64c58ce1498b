import { HEX, randomText } from '../ids.ts'
import { invalidRequest } from '../openai/error.ts'
import type { ServiceError } from '../service-error.ts'

/** The member of a request that is read here. */
export interface RequestWithTools {
  tools?: readonly { type: string }[] | null
}

/** An output item of a tool that OCI runs itself. */
export interface HostedItem {
  id: string
  type:
    | 'file_search_call'
    | 'code_interpreter_call'
    | 'mcp_list_tools'
    | 'mcp_call'
    | 'x_search_call'
  [member: string]: unknown
}

/** The types of their items, which a client may send back. */
export const HOSTED_ITEM_TYPES = [
  ...(['file_search_call', 'code_interpreter_call', 'mcp_list_tools', 'mcp_call'] as const),
  'x_search_call',
] as const

/** The names of a tool's events, between those that add its item and complete it. */
const STATES: Readonly<Record<HostedItem['type'], readonly string[]>> = {
  file_search_call: ['in_progress', 'searching', 'completed'],
  code_interpreter_call: ['in_progress', 'interpreting', 'completed'],
  mcp_list_tools: ['in_progress', 'completed'],
  mcp_call: ['in_progress', 'completed'],
  x_search_call: ['in_progress', 'searching', 'completed'],
}

/** Members that a hosted tool needs, by its type. */
const NEEDED = new Map<string, readonly string[]>([
  ['file_search', ['vector_store_ids']],
  ['code_interpreter', ['container']],
  ['mcp', ['server_label']],
])

/** Rejects incomplete definitions, and a tool that the model's vendor does not have. */
export function validateHostedTools(
  { tools }: RequestWithTools,
  model: string,
): ServiceError | undefined {
  for (const [index, tool] of (tools ?? []).entries()) {
    const missing = NEEDED.get(tool.type)?.find((member) => !Object.hasOwn(tool, member))
    const param = `tools[${index}]`
    if (missing) return invalidRequest(`Missing required parameter: '${param}.${missing}'.`, param)
    if (tool.type !== 'x_search' || model.startsWith('xai.')) continue
    const message = `Tool type 'x_search' is not supported with this model.`
    return invalidRequest(message, param)
  }
  return undefined
}

/** The calls that the tools of a request cause: one of each. */
export function hostedItems({ tools }: RequestWithTools): readonly HostedItem[] {
  return (tools ?? []).flatMap(itemsOf)
}

function itemsOf(tool: { type: string }): readonly HostedItem[] {
  const item = (prefix: string) => ({
    id: `${prefix}_${randomText(48, HEX)}`,
    status: 'completed',
  })
  const label = Object.entries(tool).find(([key]) => key === 'server_label')?.[1]
  switch (tool.type) {
    case 'file_search':
      return [{ ...item('fs'), type: 'file_search_call', queries: ['question'], results: null }]
    case 'code_interpreter': {
      const members = { code: 'print(1)', container_id: 'cntr_1', outputs: null }
      return [{ ...item('ci'), type: 'code_interpreter_call', ...members }]
    }
    case 'mcp':
      return [
        { ...item('mcpl'), type: 'mcp_list_tools', server_label: label, tools: [] },
        {
          ...{ ...item('mcp'), type: 'mcp_call', server_label: label, name: 'ask' },
          ...{ arguments: '{}', output: 'Done', error: null },
        },
      ]
    case 'x_search':
      return [{ ...item('xs'), type: 'x_search_call', action: { query: 'question' } }]
    default:
      return []
  }
}

/** The events of a hosted item, without their numbers. */
export function hostedEvents({ type }: HostedItem): readonly { type: string }[] {
  return STATES[type].map((state) => ({ type: `response.${type}.${state}` }))
}
