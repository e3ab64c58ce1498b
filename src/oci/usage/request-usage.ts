import * as v from 'valibot'
import { ApiError } from '../../errors.ts'
import { readPages } from '../http/read-pages.ts'
import type { Send, SendContext } from '../http/send.ts'
import { upstreamUrl } from '../http/upstream-url.ts'

/** What Oracle has billed on one day for one part number. */
export interface OracleUsage {
  partNumber: string
  name: string
  /** The metric of the price list, such as `1,000,000 Tokens`. */
  unit: string
  /** In units of the metric. */
  quantity: number
  amount: number
  /** Of the amount: `USD`. */
  currency: string
  /** The beginning of the day (UTC), in milliseconds since the epoch. */
  day: number
}

export interface UsageDependencies {
  send: Send
  /** The base URL of the Usage API. */
  endpoint: URL
  tenancy: string
}

/** Days in UTC, in milliseconds since the epoch; `until` is excluded. */
export interface UsagePeriod {
  since: number
  until: number
}

const MAX_PAGES = 1_000
/** Milliseconds between two chunks of an answer. */
const IDLE = 20_000

/** Requests the usage of a tenancy by day and part number: `RequestSummarizedUsages`. */
export async function requestUsage(
  oci: UsageDependencies,
  period: UsagePeriod,
  call: SendContext,
): Promise<readonly OracleUsage[]> {
  const pages = await Array.fromAsync(readUsage(oci, period, call))
  return pages.flatMap(({ items }) => items).flatMap((item) => {
    const { skuPartNumber: partNumber, skuName, unit, currency } = item
    // Adjustments that are not usage have no part number.
    if (!partNumber) return []
    return [{
      ...{ partNumber, name: skuName ?? '', unit: unit ?? '', currency: currency?.trim() || 'USD' },
      quantity: item.computedQuantity ?? 0,
      amount: item.computedAmount ?? 0,
      day: Date.parse(item.timeUsageStarted),
    }]
  })
}

const UsagePage = v.object({
  items: v.array(v.object({
    skuPartNumber: v.nullish(v.string()),
    skuName: v.nullish(v.string()),
    unit: v.nullish(v.string()),
    currency: v.nullish(v.string()),
    computedQuantity: v.nullish(v.number()),
    computedAmount: v.nullish(v.number()),
    timeUsageStarted: v.pipe(v.string(), v.check((text) => !Number.isNaN(Date.parse(text)))),
  })),
})
function readUsage(
  { send, endpoint, tenancy }: UsageDependencies,
  { since, until }: UsagePeriod,
  { requestId, signal }: SendContext,
): AsyncGenerator<v.InferOutput<typeof UsagePage>> {
  const body = new TextEncoder().encode(JSON.stringify({
    tenantId: tenancy,
    timeUsageStarted: new Date(since).toISOString(),
    timeUsageEnded: new Date(until).toISOString(),
    granularity: 'DAILY',
    queryType: 'COST',
    groupBy: ['skuPartNumber', 'skuName', 'unit'],
  }))
  return readPages(
    (page) => {
      const url = upstreamUrl(endpoint, ['20200107', 'usage'], [['limit', '500'], ...page])
      return send({ method: 'POST', url, body, requestId }, signal)
    },
    // A part of the usage would look like a difference.
    { schema: UsagePage, maxPages: MAX_PAGES, idle: IDLE, signal, unreadable, tooMany },
  )
}

function unreadable(): ApiError {
  return new ApiError('upstream_invalid_response', 'Cannot read the usage: unknown shape')
}

function tooMany(): ApiError {
  const message = `Cannot read the usage: it has more than ${MAX_PAGES} pages`
  return new ApiError('upstream_invalid_response', message)
}
