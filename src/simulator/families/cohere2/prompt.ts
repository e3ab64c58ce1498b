import type { Prompt } from '../../prompt.ts'
import { mediaOf, type PromptMessage, readPrompt } from '../../read-prompt.ts'
import { readFormat } from '../cohere/prompt.ts'
import { type Cohere2ChatRequest, type Cohere2Message, functionOf } from './request.ts'

const ROLES = { SYSTEM: 'system', USER: 'user', ASSISTANT: 'assistant', TOOL: 'tool' } as const

/** Reads the prompt of a COHEREV2 request. */
export function readCohere2Prompt(request: Cohere2ChatRequest): Prompt {
  const { messages, documents = [], tools = [], toolsChoice } = request
  return readPrompt({
    messages: messages.map(readMessage),
    tools: tools.map(({ function: { name, description = '', parameters } }) => ({
      ...{ name, description, parameters },
    })),
    furtherTexts: [
      ...messages.map(({ toolPlan = '' }) => toolPlan),
      ...documents.map((document) => JSON.stringify(document)),
    ],
    parameters: {
      toolChoice: toolsChoice === undefined
        ? 'auto'
        : toolsChoice === 'REQUIRED'
        ? 'required'
        : 'none',
      hasToolPlan: true,
      format: readFormat(request.responseFormat),
      outputLimit: request.maxTokens,
      stop: request.stopSequences ?? [],
      reasoning: request.thinking?.type !== 'DISABLED',
      isStream: request.isStream === true,
      wantsUsage: request.streamOptions?.isIncludeUsage === true,
    },
  })
}

/** The tool messages at the end of a conversation. */
export function trailingResults(messages: readonly Cohere2Message[]): readonly Cohere2Message[] {
  return messages.slice(messages.findLastIndex(({ role }) => role !== 'TOOL') + 1)
}

/** The text of a message, with its documents as JSON. */
export function textOfMessage({ content }: Cohere2Message): string {
  return (content ?? []).map(({ text = '', document }) =>
    document === undefined ? text : JSON.stringify(document)
  ).join('')
}

function readMessage(message: Cohere2Message): PromptMessage {
  const { role, content, toolCalls = [] } = message
  return {
    role: ROLES[role],
    text: textOfMessage(message),
    media: (content ?? []).flatMap(({ imageUrl }) =>
      imageUrl ? [mediaOf('image', imageUrl.url)] : []
    ),
    calls: toolCalls.map((call) => Object.values(functionOf(call) ?? {}).join(' ')),
  }
}
