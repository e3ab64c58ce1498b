import { countAsked, type Spoken, stripClientText } from '../strip-client-text.ts'
import type { Media, Prompt } from '../prompt.ts'
import { readDirectives } from '../read-directives.ts'
import { countTokens } from '../text-tokens.ts'
import type { ChatCompletionRequest, ChatMessage, ChatPart } from './chat-request.ts'

/** What a model writes when nobody sets a limit; the native endpoint is not as generous. */
export const USUAL_LIMIT = 32_768

/** What a chat completion asks. */
export function readPrompt(request: ChatCompletionRequest, model: string): Prompt {
  const { messages } = request
  const heard = messages.slice(0, countAsked(messages.map(toSpoken)))
  const asked = heard.findLastIndex(({ role }) => role === 'user')
  const { text, directives, unknown } = readDirectives(textOf(messages[asked]))
  const tools = isDeaf(model) ? [] : request.tools ?? []
  return {
    system: messages.filter(isInstruction).map(textOf).join('\n'),
    user: stripClientText(text),
    directives,
    unknownDirective: unknown,
    media: messages.slice(asked).filter(isUsers).flatMap(partsOf).flatMap(readMedia),
    toolResults: trailingResults(heard),
    tools: tools.map(({ function: { name, description = '', parameters } }) => ({
      name,
      description,
      parameters,
    })),
    toolChoice: tools.length === 0 ? 'auto' : readToolChoice(request.tool_choice),
    parallelCalls: request.parallel_tool_calls !== false,
    hasParallelCalls: request.parallel_tool_calls === true ||
      messages.some(({ tool_calls }) => (tool_calls ?? []).length > 1),
    plans: false,
    format: readFormat(request),
    outputLimit: request.max_completion_tokens ?? request.max_tokens ?? USUAL_LIMIT,
    stop: typeof request.stop === 'string' ? [request.stop] : request.stop ?? [],
    reasons: request.reasoning_effort !== 'none',
    choices: request.n ?? 1,
    tokens: countPrompt(request),
    isStream: request.stream === true,
    wantsUsage: request.stream_options?.include_usage === true,
    logprobs: request.logprobs === true ? request.top_logprobs ?? 0 : undefined,
  }
}

function readToolChoice(choice: ChatCompletionRequest['tool_choice']): Prompt['toolChoice'] {
  if (typeof choice === 'object' && choice !== null) return { name: choice.function.name }
  return choice === 'none' || choice === 'required' ? choice : 'auto'
}

/** The size of a file or picture that is sent as a data URI, or bare in base64. */
export function mediaOf(kind: string, data: string): Media {
  const base64 = data.slice(data.indexOf(',') + 1).replaceAll('=', '')
  return { kind, bytes: Math.floor(base64.length * 3 / 4) }
}

/** Seen in August 2026: here, though not natively, Gemini takes tools and never calls any. */
function isDeaf(model: string): boolean {
  return model.startsWith('google.')
}

function toSpoken(message: ChatMessage): Spoken {
  const by = isUsers(message) ? 'user' : message.role === 'tool' ? 'tool' : 'other'
  return { by, text: textOf(message) }
}

function isUsers({ role }: ChatMessage): boolean {
  return role === 'user'
}

function isInstruction({ role }: ChatMessage): boolean {
  return role === 'system' || role === 'developer'
}

function partsOf(message: ChatMessage | undefined): readonly ChatPart[] {
  const content = message?.content ?? []
  return typeof content === 'string' ? [{ type: 'text', text: content }] : content
}

function textOf(message: ChatMessage | undefined): string {
  return partsOf(message).map(({ text }) => text ?? '').join('')
}

function readMedia({ image_url, input_audio, file }: ChatPart): readonly Media[] {
  if (image_url) return [mediaOf('image', image_url.url)]
  if (input_audio) return [mediaOf('audio', input_audio.data)]
  return file ? [mediaOf('document', file.file_data ?? '')] : []
}

function trailingResults(messages: readonly ChatMessage[]): readonly string[] {
  const last = messages.findLastIndex(({ role }) => role !== 'tool')
  return messages.slice(last + 1).map(textOf)
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

function countPrompt({ messages, tools }: ChatCompletionRequest): number {
  const calls = messages.flatMap(({ tool_calls }) => tool_calls ?? [])
  const texts = [
    ...messages.map(textOf),
    ...calls.map(({ function: { name, arguments: json } }) => `${name} ${json}`),
    ...(tools ?? []).map(({ function: { name, description = '' } }) => `${name} ${description}`),
  ]
  return texts.reduce((sum, text) => sum + countTokens(text), 0)
}
