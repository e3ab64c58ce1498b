import type { ChatRequest, ToolChoice } from '../../../chat/model.ts'
import { mapInSteps, type Steps } from '../../../steps.ts'
import type { SupportedParameters } from '../request/parameters.ts'
import type { EncodeOptions } from '../format.ts'
import { distinctTools } from '../request/distinct-tools.ts'
import { sendsParallelToolCalls } from '../request/parallel-tool-calls.ts'
import { encodeParameters } from '../request/tool-parameters.ts'
import type { ChatCompletionsRequest, ChatToolChoice } from './wire.ts'

type ToolUse = Pick<ChatCompletionsRequest, 'tools' | 'tool_choice' | 'parallel_tool_calls'>

/** Encodes the first tool of each name. Without tools the choice is omitted. */
export function* encodeToolUse(
  { tools }: ChatRequest,
  { get }: SupportedParameters,
  { profile, names, schemas }: EncodeOptions,
): Steps<ToolUse> {
  const choice = get('toolChoice')
  const parallel = get('parallelToolCalls')
  if (tools.length === 0) {
    return { tools: undefined, tool_choice: undefined, parallel_tool_calls: undefined }
  }
  return {
    tools: yield* mapInSteps(distinctTools(tools), (tool) => ({
      type: 'function' as const,
      function: {
        name: names.encode(tool.name),
        description: tool.description || undefined,
        parameters: encodeParameters(tool, profile.schema, schemas),
        strict: tool.strict || undefined,
      },
    })),
    tool_choice: choice && encodeToolChoice(choice, names),
    parallel_tool_calls: sendsParallelToolCalls(parallel, profile) ? parallel : undefined,
  }
}

function encodeToolChoice(choice: ToolChoice, names: EncodeOptions['names']): ChatToolChoice {
  return choice.type === 'function'
    ? { type: 'function', function: { name: names.encode(choice.name) } }
    : choice.type
}
