import { JsonMetricsSerializer } from '@opentelemetry/otlp-transformer'
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { MetricFamily } from '../../../src/telemetry/metrics/metric.ts'
import { createRequestMetrics } from '../../../src/telemetry/metrics/request-metrics.ts'
import { encodeMetrics } from '../../../src/telemetry/otlp/encode-metrics.ts'
import { record, tokens } from '../records.ts'
import { onlyMembersOf } from './only-members-of.ts'

const SOURCE = {
  resource: { 'service.name': 'gateway' },
  scope: { name: 'oci-genai-gateway', version: '1.2.3' },
}
const TIMES = { startedAt: 1_000, now: 61_000 }

describe('encodeMetrics()', () => {
  it("equals what OpenTelemetry's own serializer writes", () => {
    const metrics = createRequestMetrics({ apis: ['chat'], models: [], regions: [] })
    metrics.record(record({ tokens: tokens(10, 5, 1), cost: 1_500, firstTokenMs: 30 }))
    metrics.record(record({ ms: 7, status: 503, error: 'upstream_unavailable' }))
    const families = metrics.collect().filter(({ samples }) => samples.length > 0)
    const gauge: MetricFamily = {
      definition: { name: 'a.gauge', type: 'gauge', unit: 'By', description: 'D', labels: ['x'] },
      samples: [{ type: 'number', labels: ['1'], value: 1.5 }],
    }
    const all = [...families, gauge]
    const own = JSON.parse(encodeMetrics(all, TIMES, SOURCE))
    const bytes = JsonMetricsSerializer.serializeRequest(toSdkMetrics(all))
    const official = JSON.parse(new TextDecoder().decode(bytes))
    assert.ok(own.resourceMetrics[0].scopeMetrics[0].metrics.length > 8)
    assert.deepEqual(own, onlyMembersOf(own, official))
  })

  it('leaves out metrics without samples', () => {
    const metrics = createRequestMetrics({ apis: ['chat'], models: [], regions: [] })
    const { resourceMetrics } = JSON.parse(encodeMetrics(metrics.collect(), TIMES, SOURCE))
    assert.deepEqual(resourceMetrics[0].scopeMetrics[0].metrics, [])
  })
})

type SdkMetrics = Parameters<typeof JsonMetricsSerializer.serializeRequest>[0]

/** `InstrumentType` and `DataPointType` of the SDK. */
const DATA_POINT_TYPES = { histogram: 0, gauge: 2, counter: 3 } as const

/** The metrics as OpenTelemetry's SDK would have them. */
function toSdkMetrics(families: readonly MetricFamily[]): SdkMetrics {
  const metrics = families.map(({ definition, samples }) => ({
    descriptor: { ...definition, type: definition.type.toUpperCase(), valueType: 1 },
    aggregationTemporality: 1,
    dataPointType: DATA_POINT_TYPES[definition.type],
    isMonotonic: true,
    dataPoints: samples.map((sample) => ({
      startTime: [1, 0],
      endTime: [61, 0],
      attributes: Object.fromEntries(
        definition.labels.map((name, index) => [name, sample.labels[index]])
          .filter(([, value]) => value !== ''),
      ),
      value: sample.type === 'number' ? sample.value : {
        buckets: { boundaries: sample.bounds, counts: sample.counts },
        count: sample.counts.reduce((sum, count) => sum + count, 0),
        sum: sample.sum,
      },
    })),
  }))
  const sdk = {
    resource: { attributes: SOURCE.resource, asyncAttributesPending: false },
    scopeMetrics: [{ scope: SOURCE.scope, metrics }],
  }
  return sdk as unknown as SdkMetrics
}
