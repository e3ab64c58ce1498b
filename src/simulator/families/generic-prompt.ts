import type { Media, Prompt } from '../prompt.ts'
import { mediaOf, type PromptMessage, readPrompt } from '../read-prompt.ts'
import {
  type GenericChatRequest,
  type GenericMessage,
  type GenericPart,
  mediaUrlOf,
} from './generic-request.ts'

const ROLES = {
  SYSTEM: 'system',
  DEVELOPER: 'system',
  USER: 'user',
  ASSISTANT: 'assistant',
  TOOL: 'tool',
} as const

/** Reads the prompt of a GENERIC request. */
export function readGenericPrompt(request: GenericChatRequest): Prompt {
  return readPrompt({
    messages: (request.messages ?? []).map(readMessage),
    tools: (request.tools ?? []).map(({ name = '', description = '', parameters }) => ({
      ...{ name, description, parameters },
    })),
    enablesParallelCalls: request.isParallelToolCalls === true,
    hasSequentialCalls: true,
    parameters: {
      toolChoice: readToolChoice(request),
      parallelCalls: request.isParallelToolCalls !== false,
      format: readFormat(request),
      outputLimit: request.maxTokens ?? request.maxCompletionTokens,
      stop: request.stop ?? [],
      reasoning: request.reasoningEffort !== 'NONE',
      choices: request.numGenerations ?? 1,
      isStream: request.isStream === true,
      wantsUsage: request.streamOptions?.isIncludeUsage === true,
      logprobs: request.logProbs,
    },
  })
}

function readMessage({ role, content, toolCalls = [] }: GenericMessage): PromptMessage {
  const parts = content ?? []
  return {
    role: ROLES[role],
    text: parts.map(({ text = '' }) => text).join(''),
    media: parts.flatMap(readMedia),
    calls: toolCalls.map((call) => `${call.name} ${call.arguments}`),
  }
}

function readMedia(part: GenericPart): readonly Media[] {
  const media = mediaUrlOf(part)
  return media ? [mediaOf(part.type.toLowerCase(), media.url)] : []
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
