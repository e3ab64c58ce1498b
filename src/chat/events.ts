import type { Annotation, FinishReason, TokenLogprob, Usage } from './model.ts'

/** A piece of a streamed reply. `choice` is the index of its choice. */
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

/** Events in batches: those that arrive from the network together stay together. */
export type ChatEventBatches = AsyncIterable<readonly ChatEvent[]>
