import type { Context, MiddlewareHandler } from 'hono'
import type { Metering } from '../metering/metering.ts'
import type { RequestMeter } from '../metering/request-meter.ts'
import { OBJECT_NAMES } from '../openai/endpoints.ts'
import { formatUsd } from '../prices/money.ts'
import type { LogRecord, Platform } from '../platform.ts'
import type { UsageOutcome } from '../store/records.ts'
import { segmentsBelowBase } from './base-url.ts'
import { dialectOf } from './dialect.ts'
import type { GatewayEnvironment } from './environment.ts'
import { limitHeaders } from './limit-headers.ts'
import { clientOf } from './identify-client.ts'

/** The groups of endpoints that are passed on. Each request counts, except some of responses. */
const PASSED: ReadonlySet<string> = new Set(Object.keys(OBJECT_NAMES))

/** The ends of the paths whose requests cost money, with the ledger's name of the client API. */
const APIS: readonly (readonly [path: RegExp, api: string])[] = [
  [/\/chat\/completions\/?$/, 'chat'],
  [/\/completions\/?$/, 'completions'],
  [/\/responses(\/compact)?\/?$/, 'responses'],
  [/\/messages\/?$/, 'messages'],
  [/\/embeddings\/?$/, 'embeddings'],
  [/\/moderations\/?$/, 'moderations'],
  [/\/rerank\/?$/, 'rerank'],
]

/** All names that `apiOf()` returns. */
export const API_NAMES: ReadonlySet<string> = new Set([...APIS.map(([, api]) => api), ...PASSED])

/** Counts what requests use, settles it when they end, and reports limits and costs in headers. */
export function meterRequests(
  metering: Metering,
  { now }: Pick<Platform, 'now'>,
): MiddlewareHandler<GatewayEnvironment> {
  return async function meterRequests(c, next) {
    const api = apiOf(c.req.method, c.req.path)
    if (api === undefined) return await next()
    const meter = await metering.begin({
      ...{ requestId: c.get('requestId'), api, identity: c.get('identity'), startedAt: now() },
      client: c.get('owner') === undefined ? '' : clientOf(c),
    })
    c.set('meter', meter)
    c.get('lifecycle').onEnd(() => {
      recordUse(c.get('log'), meter)
      meter.end(finalState(c, now()))
      c.env?.waitUntil?.(metering.settleNow())
    })
    await next()
    setHeaders(c, meter, now())
  }
}

/** The client API of a request that counts; `undefined` for others, such as lists of models. */
export function apiOf(method: string, path: string): string | undefined {
  const api = method === 'POST' ? APIS.find(([pattern]) => pattern.test(path))?.[1] : undefined
  if (api !== undefined) return api
  const [group = '', id, part] = segmentsBelowBase(path)
  // A POST below a response other than a cancellation is answered by the gateway.
  const isStored = id !== undefined && (method !== 'POST' || part === 'cancel')
  return PASSED.has(group) && (group !== 'responses' || isStored) ? group : undefined
}

function setHeaders(c: Context<GatewayEnvironment>, meter: RequestMeter, now: number): void {
  for (const [name, value] of limitHeaders(meter.limitStates, dialectOf(c.req), now)) {
    c.res.headers.set(name, value)
  }
  // The cost of a stream is known at its end.
  const { cost } = c.get('log')['stream'] === true ? { cost: undefined } : meter.totals
  if (cost !== undefined && c.res.ok) c.res.headers.set('x-oci-cost', formatUsd(cost))
}

function recordUse(log: Omit<LogRecord, 'level' | 'event'>, meter: RequestMeter): void {
  const { cost, requests, promptTokens, completionTokens, isEstimated } = meter.totals
  if (cost !== undefined) log['cost'] = formatUsd(cost)
  if (requests === 0 || log['promptTokens'] !== undefined) return
  Object.assign(log, { promptTokens, completionTokens, ...(isEstimated && { estimated: true }) })
}

function finalState(c: Context<GatewayEnvironment>, endedAt: number) {
  const { model, status, outcome, error, opcRequestId } = c.get('log')
  return {
    requestedModel: typeof model === 'string' ? model : '',
    status: typeof status === 'number' ? status : 200,
    outcome: outcomeOf(outcome, error),
    opcRequestId: typeof opcRequestId === 'string' ? opcRequestId : undefined,
    endedAt,
  }
}

/** How a request ended, by the fields of its log line. */
export function outcomeOf(
  outcome: unknown,
  error: unknown,
): Exclude<UsageOutcome, 'expired'> {
  if (outcome === 'client_closed' || error === 'client_closed') return 'client_closed'
  return outcome === 'failed' || error !== undefined ? 'failed' : 'complete'
}
