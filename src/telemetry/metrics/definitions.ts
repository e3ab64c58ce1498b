import type { MetricDefinition } from './metric.ts'

/**
 * The version of OpenTelemetry's conventions for generative AI that metrics and spans follow
 * (repository `semantic-conventions-genai`). Their status is "development".
 */
export const GEN_AI_CONVENTIONS = '0.1.0'

const GEN_AI_LABELS = ['gen_ai.operation.name', 'gen_ai.provider.name', 'gen_ai.request.model']
const GEN_AI_TOKEN_LABELS = [...GEN_AI_LABELS, 'gen_ai.token.modality']

/** The prefix of metrics that Prometheus' clients share. */
const PROCESS = 'process'

const define = (
  type: MetricDefinition['type'],
  name: string,
  unit: string,
  labels: readonly string[],
  description: string,
): MetricDefinition => ({ type, name, unit, labels, description })

/** Metrics with the names of OpenTelemetry's conventions: chats and text completions. */
export const GEN_AI_METRICS = {
  duration: define('histogram', 'gen_ai.client.inference.duration', 's', [
    ...GEN_AI_LABELS,
    'error.type',
  ], 'Duration of an inference, with all its attempts'),
  timeToFirstChunk: define(
    'histogram',
    'gen_ai.client.inference.time_to_first_chunk',
    's',
    GEN_AI_LABELS,
    'Time until the first content of a stream',
  ),
  inputTokens: define(
    'counter',
    'gen_ai.client.inference.usage.input_tokens',
    '{token}',
    GEN_AI_TOKEN_LABELS,
    'Prompt tokens, cached ones included',
  ),
  outputTokens: define(
    'counter',
    'gen_ai.client.inference.usage.output_tokens',
    '{token}',
    GEN_AI_TOKEN_LABELS,
    'Completion tokens, reasoning included',
  ),
  cachedTokens: define(
    'counter',
    'gen_ai.client.inference.usage.cache_read.input_tokens',
    '{token}',
    GEN_AI_TOKEN_LABELS,
    'Prompt tokens that were read from a cache',
  ),
  reasoningTokens: define(
    'counter',
    'gen_ai.client.inference.usage.reasoning.output_tokens',
    '{token}',
    GEN_AI_TOKEN_LABELS,
    'Completion tokens that were used for reasoning',
  ),
} as const satisfies Record<string, MetricDefinition>

/** Metrics of requests that have ended. */
export const REQUEST_METRICS = {
  requests: define(
    'counter',
    'gateway.requests',
    '{request}',
    ['api', 'model', 'status'],
    'Requests that have ended, by the HTTP status of the answer',
  ),
  errors: define(
    'counter',
    'gateway.request.errors',
    '{request}',
    ['api', 'code'],
    'Requests that have ended with an error, by its code; streams that failed after their start included',
  ),
  rejections: define(
    'counter',
    'gateway.request.rejections',
    '{request}',
    ['reason'],
    'Requests rejected by a limit of the gateway or of a key, by the reason',
  ),
  duration: define(
    'histogram',
    'gateway.request.duration',
    's',
    ['api', 'model'],
    'Time until the last byte of the answer',
  ),
  timeToFirstToken: define(
    'histogram',
    'gateway.time_to_first_token',
    's',
    ['api', 'model'],
    'Time until the first content of a streamed answer',
  ),
  tokens: define(
    'counter',
    'gateway.tokens',
    '{token}',
    ['model', 'kind'],
    'Tokens by kind: prompt, completion; cached is a part of prompt, reasoning of completion',
  ),
  cost: define(
    'counter',
    'gateway.cost',
    'USD',
    ['model'],
    'Estimated cost of requests; needs a store, which knows the prices',
  ),
  keyRequests: define(
    'counter',
    'gateway.key.requests',
    '{request}',
    ['key'],
    'Requests by the name of the key',
  ),
  keyTokens: define(
    'counter',
    'gateway.key.tokens',
    '{token}',
    ['key', 'kind'],
    'Tokens by the name of the key and by kind',
  ),
  keyCost: define(
    'counter',
    'gateway.key.cost',
    'USD',
    ['key'],
    'Estimated cost by the name of the key',
  ),
  attempts: define(
    'counter',
    'gateway.upstream.attempts',
    '{call}',
    ['region', 'model', 'outcome'],
    'Calls to OCI by outcome: succeeded, refused (4xx), rate_limited, failed, abandoned',
  ),
  attemptDuration: define(
    'histogram',
    'gateway.upstream.attempt.duration',
    's',
    ['region'],
    'Time until OCI answered, started to stream, or failed',
  ),
} as const satisfies Record<string, MetricDefinition>

/** Metrics of the current state of the gateway and its process. */
export const STATE_METRICS = {
  concurrency: define(
    'gauge',
    'gateway.concurrent_requests',
    '{request}',
    [],
    'Requests that run now',
  ),
  concurrencyLimit: define(
    'gauge',
    'gateway.concurrent_requests.limit',
    '{request}',
    [],
    'Maximum requests at the same time',
  ),
  queue: define('gauge', 'gateway.queued_requests', '{request}', [], 'Waiting after a 429 of OCI'),
  bodyBytes: define('gauge', 'gateway.request_body', 'By', [], 'Memory of request bodies'),
  draining: define('gauge', 'gateway.draining', '{state}', [], '1 while the gateway shuts down'),
  circuits: define(
    'gauge',
    'gateway.circuits',
    '{circuit}',
    ['region', 'state'],
    'Circuits of models by region and state: closed, open, half-open',
  ),
  retries: define(
    'gauge',
    'gateway.retry_budget.retries',
    '{call}',
    [],
    'Retries of the last two minutes',
  ),
  retryLimit: define(
    'gauge',
    'gateway.retry_budget.limit',
    '{call}',
    [],
    'Retries that the budget allows in two minutes',
  ),
  reservations: define(
    'gauge',
    'gateway.reservations',
    '{request}',
    [],
    'Requests of this process that hold a reservation of a budget or rate',
  ),
  unsettled: define(
    'gauge',
    'gateway.settlements.waiting',
    '{request}',
    [],
    'Ended requests that are not yet written to the ledger',
  ),
  storeUp: define(
    'gauge',
    'gateway.store.up',
    '{state}',
    [],
    '0 if the last call of the store failed',
  ),
  storeFailures: define(
    'counter',
    'gateway.store.failures',
    '{call}',
    [],
    'Calls of the store that failed or took too long',
  ),
  quirks: define(
    'gauge',
    'gateway.learned_quirks',
    '{quirk}',
    [],
    'Learned quirks of models; see /readyz?verbose',
  ),
  reloads: define(
    'counter',
    'gateway.config.reloads',
    '{reload}',
    ['outcome'],
    'Readings of the configuration after the start, by outcome: succeeded, failed',
  ),
  configLoaded: define('gauge', 'gateway.config.loaded_time', 's', [], 'Unix time of the load'),
  exported: define(
    'counter',
    'gateway.telemetry.exported',
    '{item}',
    ['signal'],
    'Spans and metrics that an exporter has delivered',
  ),
  dropped: define(
    'counter',
    'gateway.telemetry.dropped',
    '{item}',
    ['signal'],
    'Spans and metrics that were lost because the receiver did not take them',
  ),
  exportFailures: define(
    'counter',
    'gateway.telemetry.export.failures',
    '{call}',
    ['signal'],
    'Calls of an exporter that failed',
  ),
  build: define(
    'gauge',
    'gateway.build_info',
    '{state}',
    ['version', 'runtime'],
    '1, with the version and the runtime',
  ),
  memory: define('gauge', `${PROCESS}.resident_memory`, 'By', [], 'Resident memory of the process'),
  heap: define('gauge', 'gateway.heap_used', 'By', [], 'Used memory of the JavaScript heap'),
  cpu: define('counter', `${PROCESS}.cpu`, 's', [], 'CPU time of the process'),
  startTime: define(
    'gauge',
    `${PROCESS}.start_time`,
    's',
    [],
    'Start of the process, in seconds since the epoch',
  ),
  eventLoopDelay: define(
    'gauge',
    'gateway.event_loop_delay',
    's',
    ['quantile'],
    'Delay of the event loop since the last reading: 0.5, 0.99 and 1 (the maximum)',
  ),
} as const satisfies Record<string, MetricDefinition>

/** All metrics, in the order of the documentation. */
export const ALL_METRICS: readonly MetricDefinition[] = [
  ...Object.values(GEN_AI_METRICS),
  ...Object.values(REQUEST_METRICS),
  ...Object.values(STATE_METRICS),
]
