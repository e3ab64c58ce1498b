import type { ChatRequest } from '../../chat/model.ts'
import { ApiError } from '../../errors.ts'
import { decodeMessages } from '../chat/decode-messages.ts'
import { decodeRequest as decodeChat } from '../chat/decode.ts'
import type { CompletionsRequest } from './schema.ts'

export interface DecodedCompletions {
  /** One for each prompt. */
  requests: readonly [ChatRequest, ...ChatRequest[]]
  prompts: readonly string[]
  /** What cannot be passed on, field first. */
  warnings: readonly string[]
}

/** Reads a request to complete texts as conversations in which the user says them. */
export function decodeRequest(body: CompletionsRequest): DecodedCompletions {
  refuseSuffix(body)
  // The schema lets no empty list through.
  const [first = '', ...rest] = decodePrompts(body.prompt)
  // What all prompts share is decoded once.
  const shared = decodeShared(body)
  const decodePrompt = (prompt: string): ChatRequest => ({
    ...shared,
    messages: decodeMessages([{ role: 'user', content: prompt }]),
  })
  return {
    prompts: [first, ...rest],
    requests: [decodePrompt(first), ...rest.map(decodePrompt)],
    warnings: findWarnings(body),
  }
}

/** What both APIs know is read by the one for chats. */
function decodeShared(body: CompletionsRequest): ChatRequest {
  const { model, max_tokens, temperature, top_p, frequency_penalty, presence_penalty } = body
  const { seed, stop, n, logit_bias, logprobs } = body
  return decodeChat({
    ...{ model, max_tokens, temperature, top_p, frequency_penalty, presence_penalty },
    ...{ seed, stop, n, logit_bias },
    logprobs: typeof logprobs === 'number',
    top_logprobs: logprobs,
    messages: [],
    stream: body.stream,
  }).request
}

function decodePrompts(prompt: CompletionsRequest['prompt']): string[] {
  const items = typeof prompt === 'string' ? [prompt] : prompt
  return items.map((item) => {
    if (typeof item === 'string') return item
    throw new ApiError('invalid_request', 'Cannot complete tokens: send texts', { param: 'prompt' })
  })
}

function refuseSuffix({ suffix }: CompletionsRequest): void {
  if (!suffix) return
  throw new ApiError(
    'invalid_request',
    "Cannot write what comes before a suffix: no model of OCI's does that",
    { param: 'suffix' },
  )
}

function findWarnings({ best_of: best, n, echo, logprobs }: CompletionsRequest): string[] {
  return [
    ...(best && best > (n ?? 1) ? ['best_of: no more are made than are answered'] : []),
    ...(echo && typeof logprobs === 'number' ? ['logprobs: not of the prompt'] : []),
  ]
}
