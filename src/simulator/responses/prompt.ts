import { DEFAULT_OUTPUT_LIMIT } from '../openai/prompt.ts'
import type { Media, Prompt } from '../prompt.ts'
import { mediaOf, type PromptMessage, readPrompt } from '../read-prompt.ts'
import {
  type InputItem,
  type InputPart,
  itemsOf,
  partsOf,
  type ResponsesRequest,
  textOf,
} from './request.ts'

/** Reads the prompt of a Responses request; `previous` are the items of the response it continues. */
export function readResponsesPrompt(
  request: ResponsesRequest,
  previous: readonly InputItem[],
): Prompt {
  const { instructions } = request
  const items = [...previous, ...itemsOf(request)]
  const functions = (request.tools ?? []).filter(({ type }) => type === 'function')
  return readPrompt({
    messages: [
      ...(instructions ? [{ role: 'system', text: instructions } as const] : []),
      ...items.map(readItem),
    ],
    tools: functions.map(({ name = '', description, parameters }) => ({
      ...{ name, description: description ?? '', parameters },
    })),
    enablesParallelCalls: request.parallel_tool_calls === true ||
      items.some((item, at) => isCall(item) && isCall(items[at + 1])),
    parameters: {
      toolChoice: readToolChoice(request),
      parallelCalls: request.parallel_tool_calls !== false,
      format: readFormat(request),
      outputLimit: request.max_output_tokens ?? DEFAULT_OUTPUT_LIMIT,
      reasoning: request.reasoning?.effort !== 'none',
      isStream: request.stream === true,
      wantsUsage: true,
    },
  })
}

function readItem(item: InputItem): PromptMessage {
  const { name = '', arguments: json = '' } = item
  return {
    role: roleOf(item),
    text: textOf(item),
    media: partsOf(item).flatMap(readMedia),
    calls: isCall(item) ? [`${name} ${json}`] : [],
  }
}

function roleOf({ type, role = 'assistant' }: InputItem): PromptMessage['role'] {
  if (type === 'function_call_output') return 'tool'
  return role === 'developer' ? 'system' : role
}

function isCall(item: InputItem | undefined): boolean {
  return item?.type === 'function_call'
}

function readMedia({ image_url, file_data }: InputPart): readonly Media[] {
  if (image_url) return [mediaOf('image', image_url)]
  return file_data ? [mediaOf('document', file_data)] : []
}

function readToolChoice({ tool_choice: choice }: ResponsesRequest): Prompt['toolChoice'] {
  if (typeof choice === 'object' && choice !== null) {
    return choice.type === 'function' ? { name: choice.name ?? '' } : 'auto'
  }
  return choice === 'none' || choice === 'required' ? choice : 'auto'
}

function readFormat({ text }: ResponsesRequest): Prompt['format'] {
  switch (text?.format?.type) {
    case 'json_object':
      return 'json'
    case 'json_schema':
      return { schema: text.format.schema }
    case 'text':
    case undefined:
      return 'text'
  }
}
