import { countAsked, type Spoken, stripClientText } from '../../strip-client-text.ts'
import type { Media, Prompt } from '../../prompt.ts'
import { readDirectives } from '../../read-directives.ts'
import { countTokens } from '../../text-tokens.ts'
import { readFormat } from '../cohere/response-format.ts'
import { type Cohere2ChatRequest, type Cohere2Message, functionOf } from './request.ts'

/** What a Cohere request of the second version asks. */
export function readPrompt(request: Cohere2ChatRequest): Prompt {
  const { messages } = request
  const heard = messages.slice(0, countAsked(messages.map(toSpoken)))
  const asked = heard.findLastIndex(isUsers)
  const { text, directives, unknown } = readDirectives(textOfMessage(messages[asked]))
  return {
    system: messages.filter(({ role }) => role === 'SYSTEM').map(textOfMessage).join('\n'),
    user: stripClientText(text),
    directives,
    unknownDirective: unknown,
    media: messages.slice(asked).filter(isUsers).flatMap(readMedia),
    toolResults: trailingResults(heard).map(textOfMessage),
    tools: (request.tools ?? []).map(({ function: { name, description = '', parameters } }) => ({
      ...{ name, description, parameters },
    })),
    toolChoice: readToolsChoice(request),
    parallelCalls: true,
    hasParallelCalls: messages.some(({ toolCalls = [] }) => toolCalls.length > 1),
    plans: true,
    format: readFormat(request.responseFormat),
    outputLimit: request.maxTokens,
    stop: request.stopSequences ?? [],
    reasons: request.thinking?.type !== 'DISABLED',
    choices: 1,
    tokens: countPrompt(request),
    isStream: request.isStream === true,
    wantsUsage: request.streamOptions?.isIncludeUsage === true,
    logprobs: undefined,
  }
}

/** The tool messages after the last thing anybody else said. */
export function trailingResults(messages: readonly Cohere2Message[]): readonly Cohere2Message[] {
  return messages.slice(messages.findLastIndex(({ role }) => role !== 'TOOL') + 1)
}

/** The text of a message; documents are text too. */
export function textOfMessage(message: Cohere2Message | undefined): string {
  const parts = message?.content ?? []
  return parts.map(({ text = '', document }) =>
    document === undefined ? text : JSON.stringify(document)
  ).join('')
}

function toSpoken(message: Cohere2Message): Spoken {
  const by = isUsers(message) ? 'user' : message.role === 'TOOL' ? 'tool' : 'other'
  return { by, text: textOfMessage(message) }
}

function isUsers({ role }: Cohere2Message): boolean {
  return role === 'USER'
}

function readMedia({ content }: Cohere2Message): readonly Media[] {
  return (content ?? []).flatMap(({ imageUrl }) => {
    if (!imageUrl) return []
    const [, base64 = ''] = /^data:[^,]*,(.*?)=*$/.exec(imageUrl.url) ?? []
    return [{ kind: 'image', bytes: Math.floor(base64.length * 3 / 4) }]
  })
}

function readToolsChoice({ toolsChoice }: Cohere2ChatRequest): Prompt['toolChoice'] {
  if (toolsChoice === undefined) return 'auto'
  return toolsChoice === 'REQUIRED' ? 'required' : 'none'
}

function countPrompt({ messages, documents = [], tools = [] }: Cohere2ChatRequest): number {
  const calls = messages.flatMap(({ toolCalls = [] }) => toolCalls)
  const texts = [
    ...messages.map(textOfMessage),
    ...messages.map(({ toolPlan = '' }) => toolPlan),
    ...calls.map((call) => Object.values(functionOf(call) ?? {}).join(' ')),
    ...documents.map((document) => JSON.stringify(document)),
    ...tools.map(({ function: { name, description = '' } }) => `${name} ${description}`),
  ]
  return texts.reduce((sum, text) => sum + countTokens(text), 0)
}
