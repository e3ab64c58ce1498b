import { countAsked, type Spoken, stripClientText } from '../strip-client-text.ts'
import type { Media, Prompt } from '../prompt.ts'
import { readDirectives } from '../read-directives.ts'
import { countTokens } from '../text-tokens.ts'
import {
  type GenericChatRequest,
  type GenericMessage,
  type GenericPart,
  type GenericTool,
  mediaOf,
} from './generic-request.ts'

/** What a GENERIC request asks. */
export function readPrompt(request: GenericChatRequest): Prompt {
  const messages = request.messages ?? []
  const heard = messages.slice(0, countAsked(messages.map(toSpoken)))
  const asked = heard.findLastIndex(({ role }) => role === 'USER')
  const { text, directives, unknown } = readDirectives(textOf(messages[asked]))
  return {
    system: messages.filter(isInstruction).map(textOf).join('\n'),
    user: stripClientText(text),
    directives,
    unknownDirective: unknown,
    media: messages.slice(asked).filter(isUsers).flatMap(({ content }) => content ?? [])
      .flatMap(readMedia),
    toolResults: trailingResults(heard),
    tools: (request.tools ?? []).map(readTool),
    toolChoice: readToolChoice(request),
    parallelCalls: request.isParallelToolCalls !== false,
    hasParallelCalls: request.isParallelToolCalls === true ||
      messages.some(({ toolCalls = [] }) => toolCalls.length > 1),
    plans: false,
    format: readFormat(request),
    outputLimit: request.maxTokens ?? request.maxCompletionTokens,
    stop: request.stop ?? [],
    reasons: request.reasoningEffort !== 'NONE',
    choices: request.numGenerations ?? 1,
    tokens: countPrompt(request),
    isStream: request.isStream === true,
    wantsUsage: request.streamOptions?.isIncludeUsage === true,
    logprobs: request.logProbs,
  }
}

function textOf(message: GenericMessage | undefined): string {
  return (message?.content ?? []).map(({ text }) => text ?? '').join('')
}

function toSpoken(message: GenericMessage): Spoken {
  const by = isUsers(message) ? 'user' : message.role === 'TOOL' ? 'tool' : 'other'
  return { by, text: textOf(message) }
}

function isUsers({ role }: GenericMessage): boolean {
  return role === 'USER'
}

function isInstruction({ role }: GenericMessage): boolean {
  return role === 'SYSTEM' || role === 'DEVELOPER'
}

function readMedia(part: GenericPart): readonly Media[] {
  const media = mediaOf(part)
  if (!media) return []
  const base64 = media.url.slice(media.url.indexOf(',') + 1).replaceAll('=', '')
  return [{ kind: part.type.toLowerCase(), bytes: Math.floor(base64.length * 3 / 4) }]
}

/** Those of calls told side by side or one by one, since the model was last spoken to. */
function trailingResults(messages: readonly GenericMessage[]): readonly string[] {
  if (messages.at(-1)?.role !== 'TOOL') return []
  const last = messages.findLastIndex(({ role, toolCalls = [] }) =>
    role !== 'TOOL' && toolCalls.length === 0
  )
  return messages.slice(last + 1).filter(({ role }) => role === 'TOOL').map(textOf)
}

function readTool({ name, description, parameters }: GenericTool) {
  return { name: name ?? '', description: description ?? '', parameters }
}

function readToolChoice({ toolChoice }: GenericChatRequest): Prompt['toolChoice'] {
  switch (toolChoice?.type) {
    case 'NONE':
      return 'none'
    case 'REQUIRED':
      return 'required'
    case 'FUNCTION':
      return { name: toolChoice.name ?? '' }
    case 'AUTO':
    case undefined:
      return 'auto'
  }
}

function readFormat({ responseFormat }: GenericChatRequest): Prompt['format'] {
  switch (responseFormat?.type) {
    case 'JSON_OBJECT':
      return 'json'
    case 'JSON_SCHEMA':
      return { schema: responseFormat.jsonSchema?.schema }
    case 'TEXT':
    case undefined:
      return 'text'
  }
}

function countPrompt({ messages = [], tools = [] }: GenericChatRequest): number {
  const calls = messages.flatMap(({ toolCalls }) => toolCalls ?? [])
  const texts = [
    ...messages.map(textOf),
    ...calls.map((call) => `${call.name} ${call.arguments}`),
    ...tools.map((tool) => `${tool.name} ${tool.description ?? ''}`),
  ]
  return texts.reduce((sum, text) => sum + countTokens(text), 0)
}
