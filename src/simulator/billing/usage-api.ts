import { Hono } from 'hono'
import { type Env, queryOf, respond, type SimulatorContext } from '../context.ts'
import { pageOf } from '../paging.ts'
import { badParameter, notFound, type ServiceError } from '../service-error.ts'
import { type BilledUsage, DAY, type Meter } from './meter.ts'

interface UsageRequest {
  tenantId: string
  timeUsageStarted: string
  timeUsageEnded: string
  granularity: string
  queryType: string
  groupBy: readonly string[]
}

const GRANULARITIES = ['DAILY', 'MONTHLY', 'TOTAL']
const QUERY_TYPES = ['USAGE', 'COST']
const DIMENSIONS = ['skuPartNumber', 'skuName', 'unit', 'service', 'currency']
const MAX_DIMENSIONS = 4
const FIELDS = [
  ...['tenantId', 'timeUsageStarted', 'timeUsageEnded', 'granularity', 'queryType', 'groupBy'],
  ...['isAggregateByTime', 'compartmentDepth'],
]

interface UsageOptions {
  meter: Meter
  now: number
  /** Usage of the last milliseconds is not known yet. */
  lag: number
}

/**
 * The Usage API: `POST /20200107/usage`, RequestSummarizedUsages without filters and forecasts.
 * @param lag milliseconds after the end of a day until its usage is known; 0 for at once
 */
export function usageApi(context: SimulatorContext, lag: number): Hono<Env> {
  return new Hono<Env>().post('/usage', (c) => {
    const { received: { json } } = c.get('exchange')
    const options = { meter: context.meter, now: context.now(), lag }
    return respond(answerUsage(json, queryOf(c), c.get('keyId'), options), context)
  })
}

function answerUsage(
  json: unknown,
  query: URLSearchParams,
  keyId: string,
  options: UsageOptions,
): Response | ServiceError {
  const request = readRequest(json)
  if ('code' in request) return request
  if (request.tenantId !== keyId.split('/')[0]) return notFound('usage of another tenancy')
  const items = summarize(request, options)
  const page = pageOf(items, query)
  if ('code' in page) return page
  const { groupBy } = request
  return Response.json({ groupBy, items: page.items }, { headers: page.headers })
}

function readRequest(json: unknown): UsageRequest | ServiceError {
  if (typeof json !== 'object' || json === null) return badParameter('Invalid body')
  const fields = new Map<string, unknown>(Object.entries(json))
  const unknown = [...fields.keys()].find((name) => !FIELDS.includes(name))
  if (unknown !== undefined) return badParameter(`Unrecognized field "${unknown}"`)
  const text = (name: string) => String(fields.get(name) ?? '')
  const groupBy: readonly unknown[] = [fields.get('groupBy') ?? []].flat()
  const request: UsageRequest = {
    tenantId: text('tenantId'),
    timeUsageStarted: text('timeUsageStarted'),
    timeUsageEnded: text('timeUsageEnded'),
    granularity: text('granularity'),
    queryType: fields.has('queryType') ? text('queryType') : 'COST',
    groupBy: groupBy.map(String),
  }
  return checkRequest(request) ?? request
}

function checkRequest(request: UsageRequest): ServiceError | undefined {
  const { granularity, queryType, groupBy, tenantId } = request
  if (tenantId === '') return badParameter('tenantId must not be null')
  if (!GRANULARITIES.includes(granularity)) {
    return badParameter(`Invalid granularity ${granularity}`)
  }
  if (!QUERY_TYPES.includes(queryType)) return badParameter(`Invalid queryType ${queryType}`)
  const wrong = groupBy.find((name) => !DIMENSIONS.includes(name))
  if (wrong !== undefined) return badParameter(`Invalid groupBy ${wrong}`)
  if (groupBy.length > MAX_DIMENSIONS) return badParameter('Too many groupBy dimensions')
  const times = [request.timeUsageStarted, request.timeUsageEnded].map(Date.parse)
  if (times.some((time) => !(time % DAY === 0))) {
    return badParameter(
      'UTC date does not have the right precision: hours, minutes, and second must be 0',
    )
  }
  const [start = 0, end = 0] = times
  return start < end ? undefined : badParameter('timeUsageEnded must be after timeUsageStarted')
}

function summarize(
  request: UsageRequest,
  { meter, now, lag }: UsageOptions,
): readonly object[] {
  const [start = 0, end = 0] = [request.timeUsageStarted, request.timeUsageEnded].map(Date.parse)
  const known = meter.billed().filter(({ day }) =>
    day >= start && day < end && (lag === 0 || day + DAY <= now - lag)
  )
  const isDaily = request.granularity === 'DAILY'
  const groups = Map.groupBy(known, (usage) =>
    JSON.stringify([
      isDaily ? usage.day : start,
      ...request.groupBy.map((name) => dimensionsOf(usage)[name]),
    ]))
  return [...groups.values()].map((usages) => {
    const from = isDaily ? usages[0]!.day : start
    return summaryOf(usages, request, from, isDaily ? from + DAY : end)
  })
}

function dimensionsOf({ sku }: BilledUsage): Readonly<Record<string, string>> {
  return {
    skuPartNumber: sku.partNumber,
    skuName: sku.name,
    unit: sku.unit,
    service: 'Generative AI',
    currency: 'USD',
  }
}

/** Dimensions that are not grouped by are null, as in OCI's answers. */
function summaryOf(
  usages: readonly BilledUsage[],
  { tenantId, groupBy }: UsageRequest,
  start: number,
  end: number,
): object {
  const sum = (valueOf: (usage: BilledUsage) => number) =>
    usages.reduce((total, usage) => total + valueOf(usage), 0)
  const values = dimensionsOf(usages[0]!)
  return {
    tenantId,
    ...Object.fromEntries(DIMENSIONS.map((name) => [
      name,
      groupBy.includes(name) ? values[name] : null,
    ])),
    currency: 'USD',
    computedQuantity: sum(({ sku, units }) => units / sku.size),
    computedAmount: sum(({ sku, units }) => units / sku.size * sku.price),
    timeUsageStarted: new Date(start).toISOString(),
    timeUsageEnded: new Date(end).toISOString(),
    isForecast: false,
  }
}
