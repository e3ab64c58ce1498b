import { costMember } from '../../chat/cost-member.ts'
import type {
  Annotation,
  ChatReply,
  Choice,
  TokenLogprob,
  ToolCall,
  Usage,
} from '../../chat/model.ts'
import { customInput } from '../custom-tools.ts'
import { encodeCitation, encodeToken } from '../encode-parts.ts'
import { encodeServiceTier, FINISH_REASONS, type ReplyIdentity } from './wire.ts'

const NONE: ReadonlySet<string> = new Set()

/** Encodes a whole reply as OpenAI's `chat.completion`. `customTools` has the names of custom tools. */
export function encodeReply(
  reply: ChatReply,
  identity: ReplyIdentity,
  customTools = NONE,
): object {
  const serviceTier = encodeServiceTier(reply.serviceTier)
  return {
    id: identity.id,
    object: 'chat.completion',
    created: reply.created ?? identity.created,
    model: identity.model,
    choices: reply.choices.map((choice) => encodeChoice(choice, customTools)),
    ...(reply.usage && { usage: encodeUsage(reply.usage) }),
    ...(serviceTier !== undefined && { service_tier: serviceTier }),
  }
}

function encodeChoice(choice: Choice, customTools: ReadonlySet<string>): object {
  return {
    index: choice.index,
    message: {
      role: 'assistant',
      content: encodeText(choice),
      refusal: choice.refusal === '' ? null : choice.refusal,
      ...(choice.reasoning !== '' && { reasoning_content: choice.reasoning }),
      ...(choice.toolCalls.length > 0 && {
        tool_calls: choice.toolCalls.map((call) => encodeCall(call, customTools)),
      }),
      ...(choice.annotations.length > 0 && {
        annotations: choice.annotations.map(encodeAnnotation),
      }),
    },
    logprobs: choice.logprobs.length === 0 ? null : encodeLogprobs(choice.logprobs),
    finish_reason: FINISH_REASONS[choice.finishReason],
  }
}

function encodeCall(
  { id, name, arguments: written }: ToolCall,
  customTools: ReadonlySet<string>,
): object {
  return customTools.has(name)
    ? { id, type: 'custom', custom: { name, input: customInput(written) } }
    : { id, type: 'function', function: { name, arguments: written } }
}

/** As in OpenAI's API, `null` for a reply with only tool calls or a refusal, otherwise the text. */
function encodeText(choice: Choice): string | null {
  const hasOtherContent = choice.toolCalls.length > 0 || choice.refusal !== ''
  return choice.text === '' && hasOtherContent ? null : choice.text
}

/** Encodes OpenAI's usage. Details that OCI does not count are omitted. */
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
    ...costMember(usage),
  }
}

/** Encodes a citation of a chunk or message. */
export function encodeAnnotation(annotation: Annotation): object {
  return { type: 'url_citation', url_citation: encodeCitation(annotation) }
}

/** Encodes OpenAI's `logprobs` member. */
export function encodeLogprobs(tokens: readonly TokenLogprob[]): object {
  return { content: tokens.map(encodeToken), refusal: null }
}
