import { textOf } from '../directives.ts'
import type { OpenAiReplyInput } from '../openai/operation.ts'
import type { Answer } from '../prompt.ts'
import type { OutputItem } from './output.ts'
import { conversationId, type ResponsesRequest } from './request.ts'

type ReplyInput = OpenAiReplyInput<ResponsesRequest>

/** The `response` object of replies, events and the store. */
export interface ResponseObject {
  id: string
  object: 'response'
  status: 'queued' | 'in_progress' | 'completed' | 'incomplete' | 'failed' | 'cancelled'
  output: readonly OutputItem[]
  [member: string]: unknown
}

/** The reason of an incomplete response by finish reason. */
const INCOMPLETE_REASONS = new Map([
  ['length', 'max_output_tokens'],
  ['content_filter', 'content_filter'],
])

/** A response before its first output. */
export function startedResponse({ request, target, created, id }: ReplyInput): ResponseObject {
  const { reasoning, text } = request
  return {
    id: `resp_${id}`,
    object: 'response',
    created_at: created,
    status: 'in_progress',
    background: request.background ?? false,
    error: null,
    incomplete_details: null,
    instructions: request.instructions ?? null,
    max_output_tokens: request.max_output_tokens ?? null,
    model: target.answeredId,
    output: [],
    parallel_tool_calls: request.parallel_tool_calls ?? true,
    previous_response_id: request.previous_response_id ?? null,
    ...(request.conversation && { conversation: { id: conversationId(request.conversation) } }),
    reasoning: { effort: reasoning?.effort ?? null, summary: reasoning?.summary ?? null },
    service_tier: 'default',
    store: request.store ?? true,
    temperature: request.temperature ?? 1,
    text: { format: text?.format ?? { type: 'text' }, verbosity: text?.verbosity ?? 'medium' },
    tool_choice: request.tool_choice ?? 'auto',
    tools: request.tools ?? [],
    top_p: request.top_p ?? 1,
    truncation: request.truncation ?? 'disabled',
    usage: null,
    user: null,
    metadata: request.metadata ?? {},
  }
}

/** A response with its output, status and usage. */
export function finishedResponse(
  answer: Answer,
  output: readonly OutputItem[],
  input: ReplyInput,
): ResponseObject {
  const { directives } = input.prompt
  const reason = INCOMPLETE_REASONS.get(textOf(directives, 'finish') ?? answer.finish)
  return {
    ...startedResponse(input),
    status: reason === undefined ? 'completed' : 'incomplete',
    incomplete_details: reason === undefined ? null : { reason },
    output,
    usage: directives.has('no-usage') ? null : usageOf(answer),
  }
}

function usageOf({ tokens: { prompt, visible, reasoning } }: Answer): object {
  return {
    input_tokens: prompt,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: visible + reasoning,
    output_tokens_details: { reasoning_tokens: reasoning },
    total_tokens: prompt + visible + reasoning,
  }
}
