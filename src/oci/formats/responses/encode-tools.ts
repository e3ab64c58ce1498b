import type { ChatRequest, ToolChoice, WebSearch } from '../../../chat/model.ts'
import { mapInSteps, type Steps } from '../../../steps.ts'
import type { SupportedParameters } from '../request/parameters.ts'
import type { EncodeOptions } from '../format.ts'
import { distinctTools } from '../request/distinct-tools.ts'
import { encodeParameters } from '../request/tool-parameters.ts'
import { sendsParallelToolCalls } from '../request/parallel-tool-calls.ts'
import type { FunctionTool, ResponsesRequest, ResponsesToolChoice, WebSearchTool } from './wire.ts'

type ToolUse = Pick<ResponsesRequest, 'tools' | 'tool_choice' | 'parallel_tool_calls'>

/** Encodes the first tool of each name, and web search as a tool. The choice needs client tools. */
export function* encodeToolUse(
  { tools: clientTools }: ChatRequest,
  { get }: SupportedParameters,
  options: EncodeOptions,
): Steps<ToolUse> {
  const webSearch = get('webSearch')
  const choice = get('toolChoice')
  const parallel = get('parallelToolCalls')
  const hasTools = clientTools.length > 0
  const tools = [
    ...yield* encodeFunctions(clientTools, options),
    ...(webSearch ? [encodeWebSearch(webSearch)] : []),
  ]
  return {
    tools: tools.length > 0 ? tools : undefined,
    tool_choice: hasTools && choice ? encodeToolChoice(choice, options.names) : undefined,
    parallel_tool_calls: hasTools && sendsParallelToolCalls(parallel, options.profile)
      ? parallel
      : undefined,
  }
}

function encodeFunctions(
  tools: ChatRequest['tools'],
  { profile, names, schemas }: EncodeOptions,
): Steps<readonly FunctionTool[]> {
  return mapInSteps(distinctTools(tools), (tool) => ({
    type: 'function',
    name: names.encode(tool.name),
    description: tool.description || undefined,
    parameters: encodeParameters(tool, profile.schema, schemas),
    strict: tool.strict,
  }))
}

function encodeWebSearch({ contextSize, location }: WebSearch): WebSearchTool {
  return {
    type: 'web_search',
    search_context_size: contextSize,
    user_location: location && { type: 'approximate', ...location },
  }
}

function encodeToolChoice(choice: ToolChoice, names: EncodeOptions['names']): ResponsesToolChoice {
  return choice.type === 'function'
    ? { type: 'function', name: names.encode(choice.name) }
    : choice.type
}
