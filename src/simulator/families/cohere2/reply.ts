import type { Answer } from '../../prompt.ts'
import { logprobOf, tokenize } from '../../text-tokens.ts'
import { usageOf } from '../vendor-traits.ts'
import type { ReplyInput } from '../family.ts'
import { callsOf, endOf, partsOf, planOf } from './answer.ts'
import { citationsOf } from './citations.ts'
import type { Cohere2ChatRequest } from './request.ts'

/** The `chatResponse` of a request without streaming. */
export function cohere2Reply(
  answer: Answer,
  input: ReplyInput,
  request: Cohere2ChatRequest,
): object {
  const { directives } = input.prompt
  return {
    apiFormat: 'COHEREV2',
    id: crypto.randomUUID(),
    message: messageOf(answer, input, request),
    ...endOf(answer, input),
    ...(request.isLogProbsEnabled === true ? { logProbabilities: logprobsOf(answer) } : {}),
    ...(directives.has('no-usage') ? {} : { usage: usageOf(answer.tokens) }),
  }
}

function messageOf(answer: Answer, input: ReplyInput, request: Cohere2ChatRequest): object {
  const toolPlan = planOf(answer)
  const toolCalls = callsOf(answer, input)
  const citations = toolCalls.length > 0 ? [] : citationsOf(answer.text, request)
  const nulls = input.prompt.directives.has('nulls')
    ? { toolPlan: null, toolCalls: null, citations: null }
    : {}
  return {
    role: 'ASSISTANT',
    content: partsOf(answer),
    ...nulls,
    ...(toolPlan === undefined ? {} : { toolPlan }),
    ...(toolCalls.length === 0 ? {} : { toolCalls }),
    ...(citations.length === 0 ? {} : { citations }),
  }
}

/** Made up and deterministic. */
function logprobsOf({ text }: Answer): readonly object[] {
  return tokenize(text).map((token) => ({
    tokenIds: [token.length],
    text: token,
    logProbabilities: [logprobOf(token)],
  }))
}
