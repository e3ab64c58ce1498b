import type { Annotation, ChatReply, Choice, TokenLogprob, Usage } from '../../chat/model.ts'
import { encodeCitation, encodeToken } from '../encode-parts.ts'
import { encodeServiceTier, FINISH_REASONS, type ReplyIdentity } from './wire.ts'

/** Writes a whole answer as OpenAI's `chat.completion`. */
export function encodeReply(reply: ChatReply, identity: ReplyIdentity): object {
  const serviceTier = encodeServiceTier(reply.serviceTier)
  return {
    id: identity.id,
    object: 'chat.completion',
    created: reply.created ?? identity.created,
    model: identity.model,
    choices: reply.choices.map(encodeChoice),
    ...(reply.usage && { usage: encodeUsage(reply.usage) }),
    ...(serviceTier !== undefined && { service_tier: serviceTier }),
  }
}

function encodeChoice(choice: Choice): object {
  return {
    index: choice.index,
    message: {
      role: 'assistant',
      content: encodeText(choice),
      refusal: choice.refusal === '' ? null : choice.refusal,
      ...(choice.reasoning !== '' && { reasoning_content: choice.reasoning }),
      ...(choice.toolCalls.length > 0 && {
        tool_calls: choice.toolCalls.map(({ id, name, arguments: written }) => ({
          id,
          type: 'function',
          function: { name, arguments: written },
        })),
      }),
      ...(choice.annotations.length > 0 && {
        annotations: choice.annotations.map(encodeAnnotation),
      }),
    },
    logprobs: choice.logprobs.length === 0 ? null : encodeLogprobs(choice.logprobs),
    finish_reason: FINISH_REASONS[choice.finishReason],
  }
}

/** OpenAI says `null` where a turn only calls tools or refuses, and `""` where a text is empty. */
function encodeText(choice: Choice): string | null {
  const elsewhere = choice.toolCalls.length > 0 || choice.refusal !== ''
  return choice.text === '' && elsewhere ? null : choice.text
}

/** OpenAI's usage; a detail nobody counted is left out. */
export function encodeUsage(usage: Usage): object {
  const completionDetails = {
    reasoning_tokens: usage.reasoning,
    accepted_prediction_tokens: usage.acceptedPrediction,
    rejected_prediction_tokens: usage.rejectedPrediction,
  }
  const isDetailed = Object.values(completionDetails).some((count) => count !== undefined)
  return {
    prompt_tokens: usage.prompt,
    completion_tokens: usage.completion,
    total_tokens: usage.total,
    ...(usage.cached !== undefined && { prompt_tokens_details: { cached_tokens: usage.cached } }),
    ...(isDetailed && { completion_tokens_details: completionDetails }),
  }
}

/** A citation as a chunk or a message has it. */
export function encodeAnnotation(annotation: Annotation): object {
  return { type: 'url_citation', url_citation: encodeCitation(annotation) }
}

/** OpenAI's `logprobs` member. */
export function encodeLogprobs(tokens: readonly TokenLogprob[]): object {
  return { content: tokens.map(encodeToken), refusal: null }
}
