import { textOf } from '../../directives.ts'
import type { Answer, Finish } from '../../prompt.ts'
import { randomText } from '../../ids.ts'
import type { ReplyInput } from '../family.ts'
import type { Cohere2Part, Cohere2ToolCall } from './request.ts'

/** The finish reasons of COHEREV2. */
const FINISH_REASONS: Readonly<Record<Finish, string>> = {
  stop: 'COMPLETE',
  length: 'MAX_TOKENS',
  tool_calls: 'TOOL_CALL',
  content_filter: 'ERROR',
}

/** The finish reason, with a message if it is an error. */
export function endOf({ finish }: Answer, { prompt }: ReplyInput): object {
  const finishReason = textOf(prompt.directives, 'finish') ?? FINISH_REASONS[finish]
  if (finishReason !== 'ERROR') return { finishReason }
  return { finishReason, errorMessage: 'The generation was stopped' }
}

/** The tool calls of an answer, with ids that start with the tool's name. */
export function callsOf({ calls }: Answer, { prompt }: ReplyInput): readonly Cohere2ToolCall[] {
  return calls.map(({ name, arguments: json }) => ({
    ...(prompt.directives.has('no-ids')
      ? {}
      : { id: `${name}_${randomText(12, LOWERCASE_ALPHANUMERIC)}` }),
    type: 'FUNCTION',
    function: { name, arguments: json },
  }))
}

/** The text before tool calls is `toolPlan` instead of content. */
export function planOf({ calls, text }: Answer): string | undefined {
  return calls.length > 0 && text !== '' ? text : undefined
}

/** The content parts of an answer: reasoning and text. */
export function partsOf({ reasoning, text, calls }: Answer): readonly Cohere2Part[] {
  const thinking: readonly Cohere2Part[] = reasoning === ''
    ? []
    : [{ type: 'THINKING', thinking: reasoning }]
  if (text === '' || calls.length > 0) return thinking
  return [...thinking, { type: 'TEXT', text }]
}

const LOWERCASE_ALPHANUMERIC = 'abcdefghijklmnopqrstuvwxyz0123456789'
