import type { ReasoningEffort } from '../../chat/model.ts'
import type { MessagesRequest } from './schema.ts'

/** Budgets of thinking up to so many tokens, and the effort each comes to; more is `high`. */
const BUDGETS: readonly (readonly [tokens: number, effort: ReasoningEffort])[] = [
  [4_096, 'low'],
  [16_384, 'medium'],
]

/**
 * How hard to think: as `output_config.effort` says, else by the budget of `thinking`: up to 4,096
 * tokens low, up to 16,384 medium, above that high. `disabled` is none; `adaptive` alone leaves it
 * to the model. OCI's scale ends at high.
 */
export function decodeEffort(
  { thinking, output_config: config }: Pick<MessagesRequest, 'thinking' | 'output_config'>,
): ReasoningEffort | undefined {
  if (thinking?.type === 'disabled') return 'none'
  const told = config?.effort ?? undefined
  if (told !== undefined) return told === 'xhigh' || told === 'max' ? 'high' : told
  if (thinking?.type !== 'enabled') return undefined
  return BUDGETS.find(([tokens]) => thinking.budget_tokens <= tokens)?.[1] ?? 'high'
}

/** Whether the client wants to read thoughts: whoever did not ask takes the first block for the text. */
export function showsThinking({ thinking }: Pick<MessagesRequest, 'thinking'>): boolean {
  if (!thinking || thinking.type === 'disabled') return false
  return thinking.display !== 'omitted'
}
