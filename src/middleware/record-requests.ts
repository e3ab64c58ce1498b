import type { Context } from 'hono'
import type { Platform } from '../platform.ts'
import { RequestProgress } from '../telemetry/request-progress.ts'
import type {
  RequestObserver,
  RequestRecord,
  SenderRecord,
  TokenRecord,
} from '../telemetry/request-record.ts'
import type { Around } from './lifecycle.ts'
import type { GatewayEnvironment } from './environment.ts'
import { keyName } from './key-name.ts'
import { apiOf, outcomeOf } from './meter-requests.ts'

/** What the response's headers and the request tell, read while both exist. */
type ResponseFacts = Pick<RequestRecord, 'warnings' | 'fallback'>

/**
 * Creates the record of each request when it or its stream ends, and passes it to the observers. A
 * middleware inside this one may add to the log fields and to the progress until then.
 */
export function recordRequests(
  { now }: Pick<Platform, 'now'>,
  observers: readonly RequestObserver[],
): Around {
  return function recordRequests(c) {
    const progress = new RequestProgress(now, c.get('trace'))
    c.set('progress', progress)
    // Read now: a runtime may release the request before its stream ends.
    const userAgent = c.req.header('user-agent')
    let facts: ResponseFacts = { warnings: [], fallback: undefined }
    c.get('lifecycle').onEnd(() => {
      const record = toRecord(c, { progress, facts, userAgent, endedAt: now() })
      for (const observe of observers) observe(record)
    })
    return () => {
      facts = factsOf(c.res)
    }
  }
}

function factsOf({ headers }: Response): ResponseFacts {
  const warnings = headers.get('x-oci-gateway-warnings')
  // The header is `region/model`.
  const fallback = headers.get('x-oci-fallback')?.split('/').slice(1).join('/')
  return { warnings: warnings ? warnings.split('; ') : [], fallback }
}

interface EndedRequest {
  progress: RequestProgress
  facts: ResponseFacts
  userAgent: string | undefined
  endedAt: number
}

function toRecord(
  c: Context<GatewayEnvironment>,
  { progress, facts: { warnings, fallback }, userAgent, endedAt }: EndedRequest,
): RequestRecord {
  const { startedAt, firstTokenAt, attempts } = progress
  const log = c.get('log')
  const text = (name: string) => typeof log[name] === 'string' ? log[name] : undefined
  const [method, path] = [text('method') ?? '', text('path') ?? '']
  const error = text('error')
  return {
    requestId: c.get('requestId'),
    startedAt,
    ms: endedAt - startedAt,
    method,
    path,
    api: apiOf(method, path),
    model: text('model'),
    stream: log['stream'] === true,
    status: typeof log['status'] === 'number' ? log['status'] : 0,
    outcome: outcomeOf(log['outcome'], error),
    error,
    reason: text('reason'),
    region: attempts.at(-1)?.region,
    attempts,
    warnings,
    fallback,
    firstTokenMs: firstTokenAt === undefined ? undefined : firstTokenAt - startedAt,
    tokens: tokensOf(c, progress),
    cost: c.get('meter')?.totals.cost,
    opcRequestId: text('opcRequestId'),
    sender: senderOf(c, userAgent),
    trace: progress.trace,
  }
}

/** Of the meter, which counts all calls, or as OCI reported them. */
function tokensOf(
  c: Context<GatewayEnvironment>,
  { tokens }: RequestProgress,
): TokenRecord | undefined {
  const totals = c.get('meter')?.totals
  if (totals !== undefined && totals.requests > 0) {
    const { promptTokens, completionTokens, cachedTokens, reasoningTokens, isEstimated } = totals
    return {
      ...{ prompt: promptTokens, completion: completionTokens },
      ...{ cached: cachedTokens, reasoning: reasoningTokens, isEstimated },
    }
  }
  if (tokens === undefined) return undefined
  const { prompt, completion = 0, cached, reasoning } = tokens
  return { prompt, completion, cached, reasoning, isEstimated: false }
}

function senderOf(
  c: Context<GatewayEnvironment>,
  userAgent: string | undefined,
): SenderRecord {
  const { key, team } = c.get('identity') ?? {}
  return {
    key: keyName(c),
    team: team?.name ?? key?.team,
    person: c.get('meter')?.person,
    userAgent: userAgent?.slice(0, 200),
  }
}
