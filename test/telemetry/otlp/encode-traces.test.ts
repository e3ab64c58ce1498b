import { JsonTraceSerializer } from '@opentelemetry/otlp-transformer'
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { encodeTraces } from '../../../src/telemetry/otlp/encode-traces.ts'
import { type Span, spansOf } from '../../../src/telemetry/trace/spans.ts'
import { attempt, record, tokens } from '../records.ts'
import { onlyMembersOf } from './only-members-of.ts'

const TRACE = {
  ...{ traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' },
  ...{ parentSpanId: '00f067aa0ba902b7', isSampled: true, state: 'vendor=1' },
}
const SOURCE = {
  resource: { 'service.name': 'gateway', 'service.version': '1.2.3' },
  scope: { name: 'oci-genai-gateway', version: '1.2.3' },
}

const RECORD = record({
  ...{ stream: true, firstTokenMs: 40, tokens: tokens(10, 5, 3, 2), cost: 1_500_000 },
  attempts: [
    attempt({ status: 429, error: 'rate_limit_exceeded', ms: 10, spanId: '1111111111111111' }),
    attempt({ region: 'eu-frankfurt-1', startedAt: 1_050, ms: 5, spanId: '2222222222222222' }),
  ],
})

describe('encodeTraces()', () => {
  it("equals what OpenTelemetry's own serializer writes", () => {
    const spans = spansOf(RECORD, TRACE)
    const own = JSON.parse(encodeTraces(spans, SOURCE))
    const official = JSON.parse(
      new TextDecoder().decode(JsonTraceSerializer.serializeRequest(spans.map(toSdkSpan))),
    )
    assert.deepEqual(own, onlyMembersOf(own, official))
  })

  it('marks a span that failed', () => {
    const error = record({ status: 503, error: 'upstream_unavailable', outcome: 'failed' })
    const [root] = spansOf(error, TRACE)
    const { resourceSpans } = JSON.parse(encodeTraces([root!], SOURCE))
    const { status, attributes } = resourceSpans[0].scopeSpans[0].spans[0]
    assert.deepEqual(status, { code: 2, message: 'upstream_unavailable' })
    assert.deepEqual(
      attributes.find(({ key }: { key: string }) => key === 'error.type').value,
      { stringValue: 'upstream_unavailable' },
    )
  })

  it('has well-formed text, cut at 256 characters', () => {
    const model = `${'x'.repeat(300)}\ud800`
    const text = encodeTraces(spansOf(record({ model }), TRACE), SOURCE)
    assert.ok(text.isWellFormed())
    assert.ok(!text.includes('x'.repeat(257)))
    assert.ok(encodeTraces(spansOf(record({ model: '\ud800' }), TRACE), SOURCE).isWellFormed())
  })
})

/** The serializer groups spans by the object. */
const SDK_RESOURCE = { attributes: SOURCE.resource, asyncAttributesPending: false }

type SdkSpan = Parameters<typeof JsonTraceSerializer.serializeRequest>[0][number]

/** The span as OpenTelemetry's SDK would have it. */
function toSdkSpan(span: Span): SdkSpan {
  const time = (ms: number): [number, number] => [Math.floor(ms / 1000), (ms % 1000) * 1e6]
  const attributes = Object.entries(span.attributes).filter(([, value]) => value !== undefined)
  const state = { serialize: () => span.state ?? '' }
  const sdk = {
    name: span.name,
    // The SDK counts kinds from 0, OTLP from 1.
    kind: 2,
    spanContext: () => ({
      ...{ traceId: span.traceId, spanId: span.spanId, traceFlags: 1 },
      traceState: state,
    }),
    parentSpanContext: span.parentSpanId && {
      ...{ traceId: span.traceId, spanId: span.parentSpanId, traceFlags: 1 },
    },
    startTime: time(span.startedAt),
    endTime: time(span.endedAt),
    duration: time(span.endedAt - span.startedAt),
    ended: true,
    status: span.error === undefined ? { code: 0 } : { code: 2, message: span.error },
    attributes: Object.fromEntries(attributes),
    ...{ links: [], events: [] },
    resource: SDK_RESOURCE,
    instrumentationScope: SOURCE.scope,
    ...{ droppedAttributesCount: 0, droppedEventsCount: 0, droppedLinksCount: 0 },
  }
  return sdk as unknown as SdkSpan
}
