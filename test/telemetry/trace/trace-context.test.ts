import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  parseTraceparent,
  randomHexOf,
  startTrace,
  traceHeaders,
} from '../../../src/telemetry/trace/trace-context.ts'

const TRACE = '0af7651916cd43dd8448eb211c80319c'
const SPAN = 'b7ad6b7169203331'

/** Headers by W3C Trace Context, and whether they are sampled; `undefined` for invalid ones. */
const cases: [header: string | undefined, isSampled: boolean | undefined][] = [
  [`00-${TRACE}-${SPAN}-01`, true],
  [`00-${TRACE}-${SPAN}-00`, false],
  [` 00-${TRACE}-${SPAN}-03 `, true],
  // A later version may have more.
  [`cc-${TRACE}-${SPAN}-01`, true],
  [`cc-${TRACE}-${SPAN}-01-what-the-future-will-be`, true],
  [`00-${TRACE}-${SPAN}-01-more`, undefined],
  [`ff-${TRACE}-${SPAN}-01`, undefined],
  [`00-${'0'.repeat(32)}-${SPAN}-01`, undefined],
  [`00-${TRACE}-${'0'.repeat(16)}-01`, undefined],
  [`00-${TRACE.toUpperCase()}-${SPAN}-01`, undefined],
  [`00-${TRACE}-${SPAN}`, undefined],
  [`00-${TRACE}-${SPAN}-1`, undefined],
  ['', undefined],
  [undefined, undefined],
  ['x'.repeat(100_000), undefined],
]

describe('parseTraceparent()', () => {
  for (const [header, isSampled] of cases) {
    it(`${isSampled === undefined ? 'ignores' : 'reads'} ${header?.slice(0, 80)}`, () => {
      const parsed = parseTraceparent(header)
      const expected = { traceId: TRACE, parentSpanId: SPAN, isSampled }
      assert.deepEqual(parsed, isSampled === undefined ? undefined : expected)
    })
  }
})

describe('startTrace()', () => {
  const random = (bytes: number) => 'ab'.repeat(bytes)

  it('starts a trace without a client span', () => {
    const trace = startTrace({ traceparent: undefined, tracestate: 'a=1' }, random)
    assert.deepEqual(trace, {
      ...{ traceId: 'ab'.repeat(16), spanId: 'ab'.repeat(8), parentSpanId: undefined },
      ...{ isSampled: true, state: undefined },
    })
  })

  it("continues the client's trace with its state", () => {
    const traceparent = `00-${TRACE}-${SPAN}-01`
    const trace = startTrace({ traceparent, tracestate: 'vendor=1' }, random)
    assert.deepEqual(trace, {
      ...{ traceId: TRACE, spanId: 'ab'.repeat(8), parentSpanId: SPAN },
      ...{ isSampled: true, state: 'vendor=1' },
    })
    assert.deepEqual(traceHeaders(trace, '1'.repeat(16)), {
      traceparent: `00-${TRACE}-${'1'.repeat(16)}-01`,
      tracestate: 'vendor=1',
    })
  })

  for (const tracestate of ['x'.repeat(513), 'a=ü', 'a\n', '']) {
    it(`drops the state ${JSON.stringify(tracestate.slice(0, 20))}`, () => {
      const traceparent = `00-${TRACE}-${SPAN}-00`
      const trace = startTrace({ traceparent, tracestate }, random)
      assert.deepEqual(traceHeaders(trace, '1'.repeat(16)), {
        traceparent: `00-${TRACE}-${'1'.repeat(16)}-00`,
      })
    })
  }

  it('creates ids of the length that the standard requires', () => {
    assert.match(randomHexOf(16), /^[0-9a-f]{32}$/)
    assert.notEqual(randomHexOf(8), randomHexOf(8))
  })
})
