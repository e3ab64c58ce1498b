import { textOf } from '../../directives.ts'
import type { Answer, Finish } from '../../prompt.ts'
import type { ReplyInput } from '../family.ts'
import { citationsOf, readSources } from './citations.ts'
import type { CohereChatRequest, CohereToolCall, CohereTurn } from './request.ts'

/** All that an answer says, which the last event of a stream says again. */
export interface CohereAnswer {
  text: string
  chatHistory: readonly CohereTurn[]
  finishReason: string
  toolCalls?: readonly CohereToolCall[]
  citations?: readonly object[]
  documents?: readonly unknown[]
  errorMessage?: string
}

/** A call is an ordinary end. */
const FINISH_WORDS: Readonly<Record<Finish, string>> = {
  stop: 'COMPLETE',
  length: 'MAX_TOKENS',
  tool_calls: 'COMPLETE',
  content_filter: 'ERROR_TOXIC',
}

/** An answer in the words of the first version. */
export function answerOf(
  answer: Answer,
  { prompt }: ReplyInput,
  request: CohereChatRequest,
): CohereAnswer {
  const { text, finish } = answer
  const { directives } = prompt
  const finishReason = textOf(directives, 'finish') ?? FINISH_WORDS[finish]
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

/** Parameters are an object, so a call that was cut short cannot be told. */
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
  const asked: readonly CohereTurn[] = message === '' ? [] : [{ role: 'USER', message }]
  const answered: readonly CohereTurn[] = toolResults.length === 0
    ? []
    : [{ role: 'TOOL', toolResults }]
  const said: CohereTurn = {
    role: 'CHATBOT',
    message: text,
    ...(toolCalls.length === 0 ? {} : { toolCalls }),
  }
  return [...chatHistory, ...asked, ...answered, said]
}
