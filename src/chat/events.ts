import type { Annotation, FinishReason, TokenLogprob, Usage } from './model.ts'

/** A piece of an answer on its way. `choice` is the index of the answer it belongs to. */
export type ChatEvent =
  | { type: 'text-delta'; choice: number; text: string }
  | { type: 'reasoning-delta'; choice: number; text: string }
  | { type: 'refusal-delta'; choice: number; text: string }
  | { type: 'tool-call-start'; choice: number; index: number; id: string; name: string }
  | { type: 'tool-call-delta'; choice: number; index: number; arguments: string }
  | { type: 'annotations'; choice: number; annotations: readonly Annotation[] }
  | { type: 'logprobs'; choice: number; tokens: readonly TokenLogprob[] }
  | { type: 'finish'; choice: number; reason: FinishReason }
  | { type: 'usage'; usage: Usage }
  | { type: 'service-tier'; serviceTier: string }

/** Events as they come off the network: those that arrived together travel together. */
export type ChatEventBatches = AsyncIterable<readonly ChatEvent[]>
