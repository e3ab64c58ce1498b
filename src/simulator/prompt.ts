import type { Directives } from './directives.ts'

/** What a model is asked, whatever the format it was asked in. */
export interface Prompt {
  system: string
  /** The last user message, without its directives. */
  user: string
  directives: Directives
  /** A directive nobody knows. */
  unknownDirective: string | undefined
  /** The pictures and other media of the last user message. */
  media: readonly Media[]
  /** What tools answered after the last thing the model said. */
  toolResults: readonly string[]
  tools: readonly PromptTool[]
  toolChoice: 'auto' | 'none' | 'required' | { name: string }
  parallelCalls: boolean
  /** Whether a turn of its history has several calls, or such turns are asked for. */
  hasParallelCalls: boolean
  /** Whether the model says beside its calls what it is about to do. */
  plans: boolean
  format: 'text' | 'json' | { schema: unknown }
  /** Tokens, thoughts included; `undefined` when the request sets no limit. */
  outputLimit: number | undefined
  stop: readonly string[]
  reasons: boolean
  /** How many answers are wanted. */
  choices: number
  /** Tokens of everything that was sent. */
  tokens: number
  isStream: boolean
  wantsUsage: boolean
  /** Alternatives to each token; `undefined` for no log probabilities. */
  logprobs: number | undefined
}

export interface PromptTool {
  name: string
  description: string
  /** A JSON Schema. */
  parameters: unknown
}

export interface Media {
  kind: string
  bytes: number
}

/** What a model answers, before a family gives it its shape. */
export interface Answer {
  index: number
  reasoning: string
  text: string
  calls: readonly AnswerCall[]
  finish: Finish
  tokens: { prompt: number; visible: number; reasoning: number }
}

export interface AnswerCall {
  name: string
  /** JSON, cut short when the limit was reached. */
  arguments: string
}

export type Finish = 'stop' | 'length' | 'tool_calls' | 'content_filter'
