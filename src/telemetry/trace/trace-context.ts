/** The place of a request in a trace, by W3C Trace Context (Level 1). */
export interface TraceContext {
  /** 32 hexadecimal digits. */
  traceId: string
  /** The span of the request, 16 hexadecimal digits. */
  spanId: string
  /** The client's span, if it sent one. */
  parentSpanId: string | undefined
  /** Whether the spans of the trace are recorded. */
  isSampled: boolean
  /** The client's `tracestate`, which is passed on unchanged. */
  state: string | undefined
}

/** The headers of a request that have a trace. */
export interface TraceHeaders {
  traceparent: string | undefined
  tracestate: string | undefined
}

/** Longest `tracestate` that is passed on; longer ones may be dropped (W3C Trace Context, 3.3.1.5). */
const MAX_STATE_LENGTH = 512

/** Version, trace, span and flags. Later versions may have more after another dash. */
const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.{0,200})?$/

/**
 * Continues the client's trace. Starts a new one without a valid `traceparent`.
 * @param randomHex returns that many random bytes in hexadecimal digits
 */
export function startTrace(
  { traceparent, tracestate }: TraceHeaders,
  randomHex: (bytes: number) => string = randomHexOf,
): TraceContext {
  const spanId = randomHex(8)
  const parent = parseTraceparent(traceparent)
  if (parent === undefined) {
    return {
      ...{ traceId: randomHex(16), spanId, parentSpanId: undefined },
      ...{ isSampled: true, state: undefined },
    }
  }
  const isUsable = tracestate !== undefined && /^[\x20-\x7e]+$/.test(tracestate) &&
    tracestate.length <= MAX_STATE_LENGTH
  return { ...parent, spanId, state: isUsable ? tracestate : undefined }
}

/** The client's trace and span; `undefined` for a header that the standard calls invalid. */
export function parseTraceparent(
  header: string | undefined,
): Pick<TraceContext, 'traceId' | 'parentSpanId' | 'isSampled'> | undefined {
  if (header === undefined || header.length > 256) return undefined
  const [, version = '', traceId = '', parentSpanId = '', flags = '', more] =
    TRACEPARENT.exec(header.trim()) ?? []
  const isKnown = version !== '' && version !== 'ff' && (version !== '00' || more === undefined)
  if (!isKnown || /^0+$/.test(traceId) || /^0+$/.test(parentSpanId)) return undefined
  return { traceId, parentSpanId, isSampled: (Number.parseInt(flags, 16) & 1) === 1 }
}

/** The headers of a call that belongs to a span of the trace. */
export function traceHeaders(
  { traceId, isSampled, state }: TraceContext,
  spanId: string,
): Record<string, string> {
  return {
    traceparent: `00-${traceId}-${spanId}-${isSampled ? '01' : '00'}`,
    ...(state !== undefined && { tracestate: state }),
  }
}

const DIGITS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** Random bytes in hexadecimal digits, never all zero. */
export function randomHexOf(bytes: number): string {
  const random = crypto.getRandomValues(new Uint8Array(bytes))
  // All zero is invalid as an id.
  if (random.every((byte) => byte === 0)) random[0] = 1
  let text = ''
  for (const byte of random) text += DIGITS[byte]
  return text
}
