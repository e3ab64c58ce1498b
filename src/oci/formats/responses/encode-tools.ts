import type { ChatRequest, ToolChoice, WebSearch } from '../../../chat/model.ts'
import type { SupportedParameters } from '../request/parameters.ts'
import type { EncodeOptions } from '../format.ts'
import { distinctTools } from '../request/distinct-tools.ts'
import { encodeParameters } from '../request/tool-parameters.ts'
import { sendsParallelToolCalls } from '../request/parallel-tool-calls.ts'
import type { FunctionTool, ResponsesRequest, ResponsesToolChoice, WebSearchTool } from './wire.ts'

type ToolUse = Pick<ResponsesRequest, 'tools' | 'tool_choice' | 'parallel_tool_calls'>

/** Tools, the first of each name, to which a search of the web belongs; how to use the client's. */
export function encodeToolUse(
  { tools: asked }: ChatRequest,
  { take }: SupportedParameters,
  options: EncodeOptions,
): ToolUse {
  const webSearch = take('webSearch')
  const choice = take('toolChoice')
  const parallel = take('parallelToolCalls')
  const any = asked.length > 0
  const tools = [
    ...encodeFunctions(asked, options),
    ...(webSearch ? [encodeWebSearch(webSearch)] : []),
  ]
  return {
    tools: tools.length > 0 ? tools : undefined,
    tool_choice: any && choice ? encodeToolChoice(choice, options.names) : undefined,
    parallel_tool_calls: any && sendsParallelToolCalls(parallel, options.profile)
      ? parallel
      : undefined,
  }
}

function encodeFunctions(
  tools: ChatRequest['tools'],
  { profile, names, schemas }: EncodeOptions,
): readonly FunctionTool[] {
  return distinctTools(tools).map((tool) => ({
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
