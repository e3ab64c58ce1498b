import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { encodePrometheus } from '../../../src/telemetry/metrics/prometheus-text.ts'
import {
  createRequestMetrics,
  MAX_KEYS,
  MAX_MODELS,
} from '../../../src/telemetry/metrics/request-metrics.ts'
import type { RequestRecord } from '../../../src/telemetry/request-record.ts'
import { attempt, record, tokens } from '../records.ts'

const GEN_AI = 'gen_ai_operation_name="chat",gen_ai_provider_name="oci.generative_ai",' +
  'gen_ai_request_model="acme.one"'

const failed = { status: 503, error: 'upstream_unavailable', outcome: 'failed' } as const

/** Records, and lines that the metrics must have. */
const cases: [name: string, records: RequestRecord[], lines: string[]][] = [
  ['counts a request by API, model and status', [record(), record({ api: 'messages' })], [
    'gateway_requests_total{api="chat",model="acme.one",status="200"} 1',
    'gateway_requests_total{api="messages",model="acme.one",status="200"} 1',
    'gateway_key_requests_total{key="none"} 2',
    'gateway_upstream_attempts_total{region="us-chicago-1",model="acme.one",outcome="succeeded"} 2',
    `gen_ai_client_inference_duration_seconds_count{${GEN_AI},error_type=""} 2`,
  ]],
  ['counts tokens and money by model and key', [
    record({
      tokens: tokens(100, 20, 40, 5),
      cost: 1_234_567,
      sender: { ...record().sender, key: 'alice' },
    }),
    record({ tokens: tokens(1, 2), cost: 1, sender: { ...record().sender, key: 'alice' } }),
  ], [
    'gateway_tokens_total{model="acme.one",kind="prompt"} 101',
    'gateway_tokens_total{model="acme.one",kind="completion"} 22',
    'gateway_tokens_total{model="acme.one",kind="cached"} 40',
    'gateway_tokens_total{model="acme.one",kind="reasoning"} 5',
    'gateway_cost_usd_total{model="acme.one"} 0.001234568',
    'gateway_key_tokens_total{key="alice",kind="prompt"} 101',
    'gateway_key_cost_usd_total{key="alice"} 0.001234568',
    `gen_ai_client_inference_usage_input_tokens_total{${GEN_AI},gen_ai_token_modality="unknown"} 101`,
    `gen_ai_client_inference_usage_reasoning_output_tokens_total{${GEN_AI},gen_ai_token_modality="unknown"} 5`,
  ]],
  ['counts an error by its code, and each attempt by its outcome', [
    record({
      ...failed,
      attempts: [
        attempt({ status: 429, error: 'rate_limit_exceeded' }),
        attempt({ status: 400, error: 'invalid_request', region: 'eu-frankfurt-1' }),
        attempt({ status: undefined, error: 'upstream_timeout' }),
        attempt({ status: undefined, error: 'client_closed' }),
      ],
    }),
  ], [
    'gateway_request_errors_total{api="chat",code="upstream_unavailable"} 1',
    'gateway_upstream_attempts_total{region="us-chicago-1",model="other",outcome="rate_limited"} 1',
    'gateway_upstream_attempts_total{region="eu-frankfurt-1",model="other",outcome="refused"} 1',
    'gateway_upstream_attempts_total{region="us-chicago-1",model="other",outcome="failed"} 1',
    'gateway_upstream_attempts_total{region="us-chicago-1",model="other",outcome="abandoned"} 1',
  ]],
  ['counts the call of a stream that broke as failed', [
    record({ stream: true, error: 'upstream_incomplete', outcome: 'failed' }),
  ], [
    'gateway_upstream_attempts_total{region="us-chicago-1",model="acme.one",outcome="failed"} 1',
    'gateway_requests_total{api="chat",model="acme.one",status="200"} 1',
    'gateway_request_errors_total{api="chat",code="upstream_incomplete"} 1',
  ]],
  ['counts a rejection by its reason', [
    record({ attempts: [], status: 503, error: 'overloaded', reason: 'client-full' }),
    record({ attempts: [], status: 429, error: 'insufficient_quota' }),
  ], [
    'gateway_request_rejections_total{reason="client-full"} 1',
    'gateway_request_rejections_total{reason="insufficient_quota"} 1',
  ]],
  ['distributes durations over cumulative buckets', [
    record({ ms: 10, firstTokenMs: 5, stream: true }),
    record({ ms: 11, firstTokenMs: 6, stream: true }),
    record({ ms: 100_000 }),
  ], [
    'gateway_request_duration_seconds_bucket{api="chat",model="acme.one",le="0.01"} 1',
    'gateway_request_duration_seconds_bucket{api="chat",model="acme.one",le="0.02"} 2',
    'gateway_request_duration_seconds_bucket{api="chat",model="acme.one",le="81.92"} 2',
    'gateway_request_duration_seconds_bucket{api="chat",model="acme.one",le="+Inf"} 3',
    'gateway_request_duration_seconds_sum{api="chat",model="acme.one"} 100.021',
    'gateway_request_duration_seconds_count{api="chat",model="acme.one"} 3',
    'gateway_time_to_first_token_seconds_count{api="chat",model="acme.one"} 2',
    `gen_ai_client_inference_time_to_first_chunk_seconds_count{${GEN_AI}} 2`,
  ]],
  ['gives configured names series of their own, and names without a success none', [
    record({ attempts: [], model: 'my-alias', status: 404, error: 'model_not_found' }),
    record({ attempts: [], model: 'invented', status: 404, error: 'model_not_found' }),
  ], [
    'gateway_requests_total{api="chat",model="my-alias",status="404"} 1',
    'gateway_requests_total{api="chat",model="other",status="404"} 1',
  ]],
  ['counts other paths without a duration', [
    record({ api: undefined, attempts: [], model: undefined, path: '/v1/models' }),
  ], [
    'gateway_requests_total{api="other",model="other",status="200"} 1',
  ]],
]

describe('createRequestMetrics()', () => {
  for (const [name, records, lines] of cases) {
    it(name, () => {
      const text = textOf(records)
      const all = new Set(text.split('\n'))
      assert.deepEqual(lines.filter((line) => !all.has(line)), [], text)
    })
  }

  it('keeps the number of series bounded for 10,000 invented models, keys and codes', () => {
    const records = Array.from({ length: 10_000 }, (_, index) => {
      const model = `invented-${index}`
      const fails = index % 2 === 0
      return record({
        model,
        attempts: [attempt({ model, region: `region-${index}`, error: fails ? 'e' : undefined })],
        sender: { ...record().sender, key: `key-${index}` },
        ...{ error: `code-${index}`, reason: `reason-${index}`, status: index },
        ...{ tokens: tokens(1, 1, 1, 1), cost: 1, firstTokenMs: 1 },
      })
    })
    const text = textOf(records)
    const values = (label: string) =>
      new Set(Array.from(text.matchAll(new RegExp(`\\b${label}="([^"]*)"`, 'g')), ([, v]) => v))
    // The configured names, `other` and `none` come on top.
    assert.ok(values('model').size <= MAX_MODELS + 5)
    assert.ok(values('key').size <= MAX_KEYS + 2)
    assert.ok(values('region').size <= 52)
    assert.ok(values('code').size <= 65)
    assert.ok(values('status').size <= 65)
    const lines = text.split('\n').length
    const twice = textOf([...records, ...records]).split('\n').length
    assert.equal(twice, lines)
    assert.match(text, /gateway_key_requests_total\{key="other"\} 9900/)
  })

  it('escapes what a name may contain', () => {
    const model = 'a"b\\c\nd\ud800'
    const text = textOf([record({ model, attempts: [attempt({ model })] })])
    assert.match(text, /model="a\\"b\\\\c\\nd\ufffd"/)
  })
})

function textOf(records: readonly RequestRecord[]): string {
  const metrics = createRequestMetrics({
    ...{ apis: ['chat', 'responses', 'messages'], models: ['my-alias'], regions: ['us-chicago-1'] },
  })
  for (const one of records) metrics.record(one)
  return encodePrometheus(metrics.collect())
}
