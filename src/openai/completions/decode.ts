import type { ChatRequest } from '../../chat/model.ts'
import { ApiError } from '../../errors.ts'
import { decodeMessages } from '../chat/decode-messages.ts'
import { decodeRequest as decodeChat } from '../chat/decode.ts'
import type { CompletionsRequest } from './schema.ts'

export interface DecodedCompletions {
  /** One request for each prompt. */
  requests: readonly [ChatRequest, ...ChatRequest[]]
  prompts: readonly string[]
  /** What cannot be passed on: texts that begin with the field. */
  warnings: readonly string[]
}

/** Decodes a completion request as conversations: each prompt is a user message. */
export function decodeRequest(body: CompletionsRequest): DecodedCompletions {
  rejectSuffix(body)
  // The schema rejects an empty list.
  const [first = '', ...rest] = decodePrompts(body.prompt)
  // All prompts share the other members, so they are decoded once.
  const shared = decodeShared(body)
  const decodePrompt = (prompt: string): ChatRequest => ({
    ...shared,
    messages: decodeMessages([{ role: 'user', content: prompt }]).messages,
  })
  return {
    prompts: [first, ...rest],
    requests: [decodePrompt(first), ...rest.map(decodePrompt)],
    warnings: findWarnings(body),
  }
}

/** Uses the decoder of chats for the members that both APIs have. */
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
    throw new ApiError(
      'invalid_request',
      '"prompt" must be a string or a list of strings; tokens are not supported',
      { param: 'prompt' },
    )
  })
}

function rejectSuffix({ suffix }: CompletionsRequest): void {
  if (!suffix) return
  throw new ApiError(
    'invalid_request',
    '"suffix" is not supported by OCI models. Leave it out',
    { param: 'suffix' },
  )
}

function findWarnings({ best_of: best, n, echo, logprobs }: CompletionsRequest): string[] {
  return [
    ...(best && best > (n ?? 1) ? ['best_of: not supported, n replies are generated'] : []),
    ...(echo && typeof logprobs === 'number' ? ['logprobs: not reported for the prompt'] : []),
  ]
}
