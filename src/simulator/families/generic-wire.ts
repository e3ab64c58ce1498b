import type { GenericToolCall } from './generic-request.ts'

/** A message of an answer, or a piece of one in a stream. */
export interface WireMessage {
  role: 'ASSISTANT'
  content?: readonly { type: 'TEXT'; text: string }[]
  reasoningContent?: string
  toolCalls?: readonly GenericToolCall[]
}

/** A bare choice: what every event of a GENERIC stream is. */
export interface WireChoice {
  index?: number
  message?: WireMessage
  finishReason?: string
  logprobs?: WireLogprobs
  usage?: WireUsage
}

/** Parallel lists, one entry a token; `{}` when nobody asked. */
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

/** A message that says something. */
export function textMessage(text: string): WireMessage {
  return { role: 'ASSISTANT', content: [{ type: 'TEXT', text }] }
}

/** A message that calls one tool, or brings a fragment of such a call. */
export function callMessage(call: GenericToolCall): WireMessage {
  return { role: 'ASSISTANT', toolCalls: [call] }
}

/** Log probabilities for some tokens, made up but always the same. */
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

function logprobOf(token: string): number {
  return -(token.length % 7) / 10
}

function alternativesTo(token: string, count: number): Readonly<Record<string, string>> {
  const others = Array.from({ length: Math.max(0, count - 1) }, (_, at) => [
    `${token}~${at + 1}`,
    String(logprobOf(token) - at - 1),
  ])
  const entries = [[token, String(logprobOf(token))], ...others]
  return count === 0 ? {} : Object.fromEntries(entries)
}
