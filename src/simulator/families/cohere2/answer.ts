import { textOf } from '../../directives.ts'
import type { Answer, Finish } from '../../prompt.ts'
import { randomText } from '../vendor-traits.ts'
import type { ReplyInput } from '../family.ts'
import type { Cohere2Part, Cohere2ToolCall } from './request.ts'

/** What a family's finish is called. */
const FINISH_WORDS: Readonly<Record<Finish, string>> = {
  stop: 'COMPLETE',
  length: 'MAX_TOKENS',
  tool_calls: 'TOOL_CALL',
  content_filter: 'ERROR',
}

/** How an answer ended, and why where that is an error. */
export function endOf({ finish }: Answer, { prompt }: ReplyInput): object {
  const finishReason = textOf(prompt.directives, 'finish') ?? FINISH_WORDS[finish]
  if (finishReason !== 'ERROR') return { finishReason }
  return { finishReason, errorMessage: 'The generation was stopped' }
}

/** The calls of an answer: nested, and with ids that begin as the tool's name does. */
export function callsOf({ calls }: Answer, { prompt }: ReplyInput): readonly Cohere2ToolCall[] {
  return calls.map(({ name, arguments: json }) => ({
    ...(prompt.directives.has('no-ids') ? {} : { id: `${name}_${randomText(12, ALPHABET)}` }),
    type: 'FUNCTION',
    function: { name, arguments: json },
  }))
}

/** Text before calls is a plan, and no content. */
export function planOf({ calls, text }: Answer): string | undefined {
  return calls.length > 0 && text !== '' ? text : undefined
}

/** Thoughts and text, as parts. */
export function partsOf({ reasoning, text, calls }: Answer): readonly Cohere2Part[] {
  const thoughts: readonly Cohere2Part[] = reasoning === ''
    ? []
    : [{ type: 'THINKING', thinking: reasoning }]
  if (text === '' || calls.length > 0) return thoughts
  return [...thoughts, { type: 'TEXT', text }]
}

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789'
