import type { Context } from 'hono'
import type { GatewayEnvironment } from '../middleware/environment.ts'

/** Token counts; `completion` is absent where an answer has no text. */
interface TokenCounts {
  prompt: number
  completion?: number | undefined
  cached?: number | undefined
  reasoning?: number | undefined
}

/** Adds OCI's request id and the token usage to the request's log line. */
export function recordAnswer(
  c: Context<GatewayEnvironment>,
  opcRequestId: string | undefined,
  usage: TokenCounts | undefined,
): void {
  c.get('log')['opcRequestId'] = opcRequestId
  if (usage) recordUsage(c, usage)
}

/** Adds the token usage to the request's log line and to its record. */
export function recordUsage(c: Context<GatewayEnvironment>, usage: TokenCounts): void {
  c.get('progress').tokens = usage
  c.get('log')['promptTokens'] = usage.prompt
  c.get('log')['completionTokens'] = usage.completion
}
