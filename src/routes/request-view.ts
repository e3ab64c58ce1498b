import { cost } from '../prices/cost.ts'
import { formatUsd } from '../prices/money.ts'
import type { PriceBook } from '../prices/price.ts'
import type { RequestRecord, TokenRecord } from '../telemetry/request-record.ts'

/** A request as `/admin/v1/requests` shows it. Times are in ISO 8601, durations in milliseconds. */
export interface RequestView extends
  Omit<
    RequestRecord,
    'startedAt' | 'attempts' | 'cost' | 'tokens' | 'sender' | 'path' | 'method' | 'warnings'
  > {
  time: string
  path: string
  warnings: readonly string[]
  attempts: readonly {
    model: string | null
    region: string
    /** From the arrival of the request. */
    after: number
    ms: number
    status: number | null
    error: string | null
    opcRequestId: string | null
  }[]
  tokens: TokenRecord | null
  /** USD with nine decimal places; `null` without a price. */
  cost: string | null
  key: string | null
  team: string | null
  person: string | null
  userAgent: string | null
}

/**
 * Describes the record of a request.
 * @param prices for a gateway without a store, which does not calculate costs itself
 */
export function viewRequest(record: RequestRecord, prices: PriceBook | undefined): RequestView {
  const { startedAt, attempts, sender, method: _, tokens = null, ...rest } = record
  const dollars = record.cost ?? (prices && estimateCost(record, prices))
  return {
    ...rest,
    time: new Date(startedAt).toISOString(),
    attempts: attempts.map(({ model, error, status, opcRequestId, ...attempt }) => ({
      ...{ model: model ?? null, region: attempt.region, after: attempt.startedAt - startedAt },
      ...{ ms: attempt.ms, status: status ?? null, error: error ?? null },
      opcRequestId: opcRequestId ?? null,
    })),
    tokens,
    cost: dollars === undefined ? null : formatUsd(dollars),
    ...{ key: sender.key ?? null, team: sender.team ?? null },
    ...{ person: sender.person ?? null, userAgent: sender.userAgent ?? null },
  }
}

/** The cost by the built-in prices, in nano-dollars. */
function estimateCost(
  { attempts, model = '', tokens }: RequestRecord,
  prices: PriceBook,
): number | undefined {
  const price = prices.find(attempts.at(-1)?.model ?? model)
  if (price?.metric !== 'tokens' || tokens === undefined) return undefined
  const { nanoDollars } = cost(price, {
    ...{ promptTokens: tokens.prompt, completionTokens: tokens.completion },
    ...{ cachedTokens: tokens.cached ?? 0, promptCharacters: 0, answerCharacters: 0 },
    ...{ searchUnits: 0, requests: 1 },
  })
  return nanoDollars
}
