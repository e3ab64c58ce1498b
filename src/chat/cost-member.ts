import type { Usage } from './model.ts'

const NANO_DOLLARS = 1e9

/** The member of an answer's usage with its cost in USD, as OpenRouter reports it. */
export function costMember({ cost }: Pick<Usage, 'cost'>): { cost?: number } {
  return cost === undefined ? {} : { cost: cost / NANO_DOLLARS }
}
