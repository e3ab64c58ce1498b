import { OPERATIONS, PROVIDER } from '../metrics/inference-metrics.ts'
import type { AttemptRecord, RequestRecord } from '../request-record.ts'
import { randomHexOf, type TraceContext } from './trace-context.ts'

/** The value of an attribute. `undefined` leaves the attribute out. */
export type AttributeValue = string | number | boolean | undefined

/** A span. Times are in milliseconds since the epoch. */
export interface Span {
  traceId: string
  spanId: string
  parentSpanId: string | undefined
  state: string | undefined
  name: string
  startedAt: number
  endedAt: number
  attributes: Readonly<Record<string, AttributeValue>>
  /** The error code of a span that failed. */
  error: string | undefined
}

const NANO = 1e9

/** Operations of client APIs for which the conventions have no name. */
const OTHER_OPERATIONS: ReadonlyMap<string, string> = new Map([
  ['embeddings', 'embeddings'],
  ['rerank', 'rerank'],
  ['moderations', 'moderation'],
])

/**
 * The spans of a request: one for the request, and one below it for each call to OCI. They have no
 * content of prompts or answers. Requests that reached no model have none.
 */
export function spansOf(record: RequestRecord, trace: TraceContext): Span[] {
  const { api = '', attempts, model = '' } = record
  const operation = OPERATIONS.get(api) ?? OTHER_OPERATIONS.get(api)
  // Without a valid key nothing is exported: a stranger could fill the queue.
  if (operation === undefined || record.error === 'invalid_api_key') return []
  const { traceId, spanId, parentSpanId, state } = trace
  const root: Span = {
    ...{ traceId, spanId, parentSpanId, state, name: `${operation} ${model}`.trim() },
    ...{ startedAt: record.startedAt, endedAt: record.startedAt + record.ms },
    attributes: attributesOf(record, operation),
    error: record.outcome === 'client_closed' ? undefined : record.error,
  }
  return [root, ...attempts.map((attempt, index) => attemptSpan(attempt, index, record, root))]
}

function attributesOf(record: RequestRecord, operation: string): Span['attributes'] {
  const { tokens, cost, firstTokenMs, attempts, sender } = record
  return {
    'gen_ai.operation.name': operation,
    'gen_ai.provider.name': PROVIDER,
    'gen_ai.request.model': record.model,
    'gen_ai.request.stream': record.stream,
    'gen_ai.response.model': attempts.findLast(({ error }) => error === undefined)?.model,
    'gen_ai.response.time_to_first_chunk': firstTokenMs && firstTokenMs / 1000,
    'gen_ai.usage.input_tokens': tokens?.prompt,
    'gen_ai.usage.output_tokens': tokens?.completion,
    'gen_ai.usage.cache_read.input_tokens': tokens?.cached,
    'gen_ai.usage.reasoning.output_tokens': tokens?.reasoning,
    'error.type': record.error,
    'http.response.status_code': record.status,
    'cloud.provider': 'oracle_cloud',
    'cloud.region': record.region,
    'gateway.request_id': record.requestId,
    'gateway.api': record.api,
    'gateway.outcome': record.outcome,
    'gateway.key': sender.key,
    'gateway.team': sender.team,
    'gateway.cost_usd': cost === undefined ? undefined : cost / NANO,
    'gateway.attempts': attempts.length,
    'gateway.fallback': record.fallback,
    'oci.opc_request_id': record.opcRequestId,
  }
}

function attemptSpan(
  attempt: AttemptRecord,
  index: number,
  { attempts, stream }: RequestRecord,
  root: Span,
): Span {
  const { startedAt, ms, region, model, status, error, opcRequestId } = attempt
  // The call of a streamed answer lasts as long as the stream.
  const isOpen = stream && error === undefined && index === attempts.length - 1
  return {
    ...{ traceId: root.traceId, spanId: attempt.spanId ?? randomHexOf(8), state: root.state },
    parentSpanId: root.spanId,
    name: `call ${region}`,
    startedAt,
    endedAt: isOpen ? root.endedAt : startedAt + ms,
    attributes: {
      'gen_ai.provider.name': PROVIDER,
      'gen_ai.request.model': model,
      'http.request.method': 'POST',
      'http.request.resend_count': index === 0 ? undefined : index,
      'http.response.status_code': status,
      'error.type': error,
      'cloud.provider': 'oracle_cloud',
      'cloud.region': region,
      'oci.opc_request_id': opcRequestId,
    },
    error: isOpen ? root.error : error,
  }
}
