import { logprobOf } from '../text-tokens.ts'
import type { GenericToolCall } from './generic-request.ts'

/** A message of a response or a delta of a stream. */
export interface WireMessage {
  role: 'ASSISTANT'
  content?: readonly { type: 'TEXT'; text: string }[]
  reasoningContent?: string
  toolCalls?: readonly GenericToolCall[]
}

/** A choice; every event of a GENERIC stream is one. */
export interface WireChoice {
  index?: number
  message?: WireMessage
  finishReason?: string
  logprobs?: WireLogprobs
  usage?: WireUsage
}

/** Parallel lists with one entry for each token; `{}` if not requested. */
export interface WireLogprobs {
  tokens?: readonly string[]
  tokenLogprobs?: readonly number[]
  topLogprobs?: readonly Readonly<Record<string, string>>[]
  textOffset?: readonly number[]
}

export interface WireUsage {
  completionTokens?: number
  promptTokens: number
  totalTokens: number
  completionTokensDetails?: { acceptedPredictionTokens: number; reasoningTokens: number }
  promptTokensDetails?: { cachedTokens: number }
}

/** A message with a text. */
export function textMessage(text: string): WireMessage {
  return { role: 'ASSISTANT', content: [{ type: 'TEXT', text }] }
}

/** A message with a tool call or a fragment of one. */
export function callMessage(call: GenericToolCall): WireMessage {
  return { role: 'ASSISTANT', toolCalls: [call] }
}

/** Log probabilities of some tokens, made up and deterministic. */
export function logprobsOf(
  tokens: readonly string[],
  offset: number,
  alternatives: number,
): WireLogprobs {
  const lengths = tokens.map((token) => token.length)
  return {
    tokens,
    tokenLogprobs: tokens.map(logprobOf),
    topLogprobs: tokens.map((token) => alternativesTo(token, alternatives)),
    textOffset: lengths.map((_, at) => lengths.slice(0, at).reduce((sum, n) => sum + n, offset)),
  }
}

function alternativesTo(token: string, count: number): Readonly<Record<string, string>> {
  const others = Array.from({ length: Math.max(0, count - 1) }, (_, at) => [
    `${token}~${at + 1}`,
    String(logprobOf(token) - at - 1),
  ])
  const entries = [[token, String(logprobOf(token))], ...others]
  return count === 0 ? {} : Object.fromEntries(entries)
}
