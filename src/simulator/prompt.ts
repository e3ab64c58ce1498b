import type { Directives } from './directives.ts'

/** The input of the scripted model, independent of the request format. */
export interface Prompt extends PromptParameters {
  system: string
  /** The last user message, without directives and without text that the client added. */
  user: string
  directives: Directives
  /** The first unknown directive of the last user message. */
  unknownDirective: string | undefined
  /** The media of the last user message. */
  media: readonly Media[]
  /** The results of the last tool calls, if the model has not answered them yet. */
  toolResults: readonly string[]
  tools: readonly PromptTool[]
  /** Whether the history contains parallel tool calls or the request enables them. */
  hasParallelCalls: boolean
  /** Tokens and characters of the whole request. */
  tokens: number
  characters: number
}

/** The parameters of a request, independent of its format. */
export interface PromptParameters {
  toolChoice: 'auto' | 'none' | 'required' | { name: string }
  parallelCalls: boolean
  /** Whether the model writes a sentence before its tool calls. */
  hasToolPlan: boolean
  format: 'text' | 'json' | { schema: unknown }
  /** Tokens, including reasoning; `undefined` if the request sets no limit. */
  outputLimit: number | undefined
  stop: readonly string[]
  /** Whether the request allows reasoning. */
  reasoning: boolean
  /** The number of requested answers. */
  choices: number
  isStream: boolean
  wantsUsage: boolean
  /** Alternatives to each token; `undefined` if no log probabilities are requested. */
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

/** An answer of the scripted model, before a family encodes it. */
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
  /** JSON, truncated if the output limit was reached. */
  arguments: string
}

export type Finish = 'stop' | 'length' | 'tool_calls' | 'content_filter'
