import { nearestEffort } from '../../chat/levels.ts'
import type { ReasoningEffort } from '../../chat/model.ts'
import type { MessagesRequest } from './schema.ts'

/** The effort for thinking budgets up to these numbers of tokens; larger ones are `high`. */
const BUDGETS: readonly (readonly [tokens: number, effort: ReasoningEffort])[] = [
  [4_096, 'low'],
  [16_384, 'medium'],
]

/**
 * The reasoning effort: `output_config.effort`, otherwise by the budget of `thinking`: up to 4,096
 * tokens low, up to 16,384 medium, above that high. `disabled` is `none`; `adaptive` without an
 * effort leaves it to the model. OCI's highest effort is `high`.
 */
export function decodeEffort(
  { thinking, output_config: config }: Pick<MessagesRequest, 'thinking' | 'output_config'>,
): ReasoningEffort | undefined {
  if (thinking?.type === 'disabled') return 'none'
  const effort = config?.effort ?? undefined
  if (effort !== undefined) return nearestEffort(effort)
  const budget = thinking?.type === 'enabled' ? thinking.budget_tokens ?? undefined : undefined
  if (budget === undefined) return undefined
  return BUDGETS.find(([tokens]) => budget <= tokens)?.[1] ?? 'high'
}

/** Returns a warning for a budget of no tokens, which is sent as the lowest level. */
export function warnOfBudget({ thinking }: Pick<MessagesRequest, 'thinking'>): readonly string[] {
  const budget = thinking?.type === 'enabled' ? thinking.budget_tokens ?? 1 : 1
  return budget < 1 ? ['thinking.budget_tokens: sent as the effort low'] : []
}

/** Whether the reply includes thinking. Clients that do not request it expect text in the first block. */
export function showsThinking({ thinking }: Pick<MessagesRequest, 'thinking'>): boolean {
  if (!thinking || thinking.type === 'disabled') return false
  return thinking.display !== 'omitted'
}
