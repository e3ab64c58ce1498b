import { textOf } from '../../directives.ts'
import type { Answer, Finish } from '../../prompt.ts'
import type { ReplyInput } from '../family.ts'
import { citationsOf, readSources } from './citations.ts'
import type { CohereChatRequest, CohereToolCall, CohereTurn } from './request.ts'

/** The members of an answer, which the last event of a stream repeats. */
export interface CohereAnswer {
  text: string
  chatHistory: readonly CohereTurn[]
  finishReason: string
  toolCalls?: readonly CohereToolCall[]
  citations?: readonly object[]
  documents?: readonly unknown[]
  errorMessage?: string
}

/** Tool calls end with COMPLETE. */
const FINISH_REASONS: Readonly<Record<Finish, string>> = {
  stop: 'COMPLETE',
  length: 'MAX_TOKENS',
  tool_calls: 'COMPLETE',
  content_filter: 'ERROR_TOXIC',
}

/** Encodes an answer in the format COHERE. */
export function answerOf(
  answer: Answer,
  { prompt }: ReplyInput,
  request: CohereChatRequest,
): CohereAnswer {
  const { text, finish } = answer
  const { directives } = prompt
  const finishReason = textOf(directives, 'finish') ?? FINISH_REASONS[finish]
  const toolCalls = answer.calls.flatMap(readCall)
  const citations = citationsOf(text, readSources(request), directives.has('no-ids'))
  const { documents = [] } = request
  return {
    text,
    chatHistory: historyWith(request, text, toolCalls),
    finishReason,
    ...(toolCalls.length === 0 ? {} : { toolCalls }),
    ...(citations.length === 0 ? {} : { citations }),
    ...(documents.length === 0 ? {} : { documents }),
    ...(finishReason.startsWith('ERROR') ? { errorMessage: 'The generation was stopped' } : {}),
  }
}

/** Parameters are an object, so a truncated call is omitted. */
function readCall({ name, arguments: json }: Answer['calls'][number]): readonly CohereToolCall[] {
  try {
    return [{ name, parameters: JSON.parse(json || '{}') }]
  } catch {
    return []
  }
}

function historyWith(
  { chatHistory = [], message, toolResults = [] }: CohereChatRequest,
  text: string,
  toolCalls: readonly CohereToolCall[],
): readonly CohereTurn[] {
  const question: readonly CohereTurn[] = message === '' ? [] : [{ role: 'USER', message }]
  const results: readonly CohereTurn[] = toolResults.length === 0
    ? []
    : [{ role: 'TOOL', toolResults }]
  const answer: CohereTurn = {
    role: 'CHATBOT',
    message: text,
    ...(toolCalls.length === 0 ? {} : { toolCalls }),
  }
  return [...chatHistory, ...question, ...results, answer]
}
