import type { Context } from 'hono'
import type { GatewayEnvironment } from '../middleware/environment.ts'

/** Tokens as far as they were counted. */
interface Counted {
  prompt: number
  completion?: number
}

/** Writes into the request's line of the log who answered it, and what it took. */
export function recordAnswer(
  c: Context<GatewayEnvironment>,
  opcRequestId: string | undefined,
  usage: Counted | undefined,
): void {
  c.get('log')['opcRequestId'] = opcRequestId
  if (usage) recordUsage(c, usage)
}

/** The same for tokens that were counted later. */
export function recordUsage(c: Context<GatewayEnvironment>, usage: Counted): void {
  c.get('log')['promptTokens'] = usage.prompt
  c.get('log')['completionTokens'] = usage.completion
}
