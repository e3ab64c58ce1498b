import { charactersOf } from './billing/meter.ts'
import type { Media, Prompt, PromptParameters, PromptTool } from './prompt.ts'
import { readDirectives } from './read-directives.ts'
import { stripClientText, withoutClientMessages } from './strip-client-text.ts'
import { countTokens } from './text-tokens.ts'

/** A message of any request format. */
export interface PromptMessage {
  role: 'system' | 'user' | 'assistant' | 'tool'
  text: string
  media?: readonly Media[]
  /** The tool calls of an assistant message, each with its name and arguments as text. */
  calls?: readonly string[]
}

/** A request of any format, as its adapter describes it. */
export interface PromptSource {
  messages: readonly PromptMessage[]
  tools: readonly PromptTool[]
  parameters: Partial<PromptParameters>
  /** Whether the request itself enables parallel tool calls. */
  enablesParallelCalls?: boolean
  /** Whether clients send the calls of one turn as several turns, so that all results count. */
  hasSequentialCalls?: boolean
  /** Further texts that count as prompt tokens, such as documents. */
  furtherTexts?: readonly string[]
}

const DEFAULTS: PromptParameters = {
  toolChoice: 'auto',
  parallelCalls: true,
  hasToolPlan: false,
  format: 'text',
  outputLimit: undefined,
  stop: [],
  reasoning: false,
  choices: 1,
  isStream: false,
  wantsUsage: false,
  logprobs: undefined,
}

/** Reads the prompt of a request of any format. */
export function readPrompt(source: PromptSource): Prompt {
  const { messages, tools, parameters, enablesParallelCalls = false } = source
  const conversation = withoutClientMessages(messages)
  const question = conversation.findLastIndex(({ role }) => role === 'user')
  const { text, directives, unknown } = readDirectives(conversation[question]?.text ?? '')
  const system = messages.filter(({ role }) => role === 'system').map(({ text }) => text)
  return {
    ...DEFAULTS,
    ...parameters,
    system: system.filter(Boolean).join('\n'),
    user: stripClientText(text),
    directives,
    unknownDirective: unknown,
    media: messages.slice(question).filter(({ role }) => role === 'user')
      .flatMap(({ media = [] }) => media),
    toolResults: trailingResults(conversation, source.hasSequentialCalls === true),
    tools,
    hasParallelCalls: enablesParallelCalls || messages.some(({ calls = [] }) => calls.length > 1),
    ...countPrompt(source),
  }
}

/** The size of a medium that is a data URI or plain base64; 0 for the address of one. */
export function mediaOf(kind: string, data: string): Media {
  if (/^https?:/.test(data)) return { kind, bytes: 0 }
  const base64 = data.slice(data.indexOf(',') + 1).replaceAll('=', '')
  return { kind, bytes: Math.floor(base64.length * 3 / 4) }
}

function trailingResults(
  messages: readonly PromptMessage[],
  hasSequentialCalls: boolean,
): readonly string[] {
  if (messages.at(-1)?.role !== 'tool') return []
  const start = messages.findLastIndex(({ role, calls = [] }) =>
    role !== 'tool' && !(hasSequentialCalls && calls.length > 0)
  )
  return messages.slice(start + 1).filter(({ role }) => role === 'tool').map(({ text }) => text)
}

function countPrompt(
  { messages, tools, furtherTexts = [] }: PromptSource,
): Pick<Prompt, 'tokens' | 'characters'> {
  const texts = [
    ...messages.flatMap(({ text, calls = [] }) => [text, ...calls]),
    ...tools.map(({ name, description }) => `${name} ${description}`),
    ...furtherTexts,
  ]
  return {
    tokens: texts.reduce((sum, text) => sum + countTokens(text), 0),
    characters: charactersOf(texts),
  }
}
