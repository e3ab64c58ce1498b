import type { Media, Prompt } from '../prompt.ts'
import { mediaOf, type PromptMessage, readPrompt } from '../read-prompt.ts'
import type { ChatCompletionRequest, ChatMessage, ChatPart } from './chat-request.ts'

/** The output limit without a parameter; the native endpoint allows far less. */
export const DEFAULT_OUTPUT_LIMIT = 32_768

/** Reads the prompt of a chat completion. */
export function readChatPrompt(request: ChatCompletionRequest, model: string): Prompt {
  const tools = ignoresTools(model) ? [] : request.tools ?? []
  return readPrompt({
    messages: request.messages.map(readMessage),
    tools: tools.map(({ function: { name, description = '', parameters } }) => ({
      ...{ name, description, parameters },
    })),
    enablesParallelCalls: request.parallel_tool_calls === true,
    parameters: {
      toolChoice: tools.length === 0 ? 'auto' : readToolChoice(request.tool_choice),
      parallelCalls: request.parallel_tool_calls !== false,
      format: readFormat(request),
      outputLimit: request.max_completion_tokens ?? request.max_tokens ?? DEFAULT_OUTPUT_LIMIT,
      stop: typeof request.stop === 'string' ? [request.stop] : request.stop ?? [],
      reasoning: request.reasoning_effort !== 'none',
      choices: request.n ?? 1,
      isStream: request.stream === true,
      wantsUsage: request.stream_options?.include_usage === true,
      logprobs: request.logprobs === true ? request.top_logprobs ?? 0 : undefined,
    },
  })
}

/** Gemini accepts tools on this endpoint and never calls them; observed in August 2026. */
function ignoresTools(model: string): boolean {
  return model.startsWith('google.')
}

function readMessage({ role, content, tool_calls: calls }: ChatMessage): PromptMessage {
  const parts = typeof content === 'string' ? [{ type: 'text', text: content }] : content ?? []
  return {
    role: role === 'developer' ? 'system' : role,
    text: parts.map(({ text = '' }) => text).join(''),
    media: parts.flatMap(readMedia),
    calls: (calls ?? []).map(({ function: { name, arguments: json } }) => `${name} ${json}`),
  }
}

function readMedia({ image_url, input_audio, file }: ChatPart): readonly Media[] {
  if (image_url) return [mediaOf('image', image_url.url)]
  if (input_audio) return [mediaOf('audio', input_audio.data)]
  return file ? [mediaOf('document', file.file_data ?? '')] : []
}

function readToolChoice(choice: ChatCompletionRequest['tool_choice']): Prompt['toolChoice'] {
  if (typeof choice === 'object' && choice !== null) return { name: choice.function.name }
  return choice === 'none' || choice === 'required' ? choice : 'auto'
}

function readFormat({ response_format: format }: ChatCompletionRequest): Prompt['format'] {
  switch (format?.type) {
    case 'json_object':
      return 'json'
    case 'json_schema':
      return { schema: format.json_schema?.schema }
    case 'text':
    case undefined:
      return 'text'
  }
}
