import type { Span } from '../trace/spans.ts'
import { cleanText, encodeAttributes, type Resource, toNanoseconds } from './attributes.ts'

/** `SPAN_KIND_CLIENT` and `STATUS_CODE_ERROR` of OTLP. */
const [CLIENT, ERROR] = [3, 2]

/** Encodes spans as the JSON of OTLP's `ExportTraceServiceRequest`. */
export function encodeTraces(
  spans: readonly Span[],
  { resource, scope }: { resource: Resource; scope: { name: string; version: string } },
): string {
  return JSON.stringify({
    resourceSpans: [{
      resource: { attributes: encodeAttributes(resource) },
      scopeSpans: [{ scope, spans: spans.map(encodeSpan) }],
    }],
  })
}

function encodeSpan(span: Span) {
  const { traceId, spanId, parentSpanId, state, error } = span
  return {
    ...{ traceId, spanId },
    ...(parentSpanId !== undefined && { parentSpanId }),
    ...(state !== undefined && { traceState: state }),
    name: cleanText(span.name),
    kind: CLIENT,
    startTimeUnixNano: toNanoseconds(span.startedAt),
    endTimeUnixNano: toNanoseconds(span.endedAt),
    attributes: encodeAttributes(span.attributes),
    ...(error !== undefined && { status: { code: ERROR, message: error } }),
  }
}
