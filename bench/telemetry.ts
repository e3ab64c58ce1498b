/**
 * Measures what telemetry costs for each request, in CPU time:
 *
 *   node bench/telemetry.ts
 *
 * It counts records of requests, alone and with traces whose receiver is down. Rounds are interleaved,
 * so that a busy machine affects both.
 */
import process from 'node:process'
import { record, tokens } from '../test/telemetry/records.ts'
import { createTimers } from '../test/telemetry/export/timers.ts'
import { DEFAULT_TELEMETRY } from '../src/telemetry/settings.ts'
import { createTelemetry } from '../src/telemetry/telemetry.ts'

const REQUESTS = 100_000
const ROUNDS = 7

const TRACE = {
  ...{ traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' },
  ...{ parentSpanId: undefined, isSampled: true, state: undefined },
}

/** CPU microseconds for each request. */
function measure(hasTraces: boolean): number {
  const timers = createTimers()
  const otlp = { endpoint: 'http://127.0.0.1:1', headers: {} }
  const telemetry = createTelemetry({
    settings: { ...DEFAULT_TELEMETRY, otlp: hasTraces ? otlp : undefined },
    platform: {
      fetch: () => Promise.reject(new Error('down')),
      now: timers.now,
      log: () => {},
    },
    labels: { apis: [], models: [], regions: [] },
    read: () => {
      throw new Error('not read here')
    },
    ...{ resource: {}, version: '0', timers },
  })
  const one = record({
    tokens: tokens(100, 50, 10, 5),
    cost: 1_000,
    firstTokenMs: 50,
    trace: TRACE,
  })
  const before = process.cpuUsage()
  for (let count = 0; count < REQUESTS; count++) telemetry.observe(one)
  const { user, system } = process.cpuUsage(before)
  return (user + system) / REQUESTS
}

const rounds = Array.from({ length: ROUNDS }, () => [measure(false), measure(true)] as const)
const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!
const [counted, traced] = [median(rounds.map(([a]) => a)), median(rounds.map(([, b]) => b))]
process.stdout.write(
  `metrics: ${counted.toFixed(2)} µs a request\n` +
    `metrics and traces, receiver down: ${traced.toFixed(2)} µs a request\n`,
)
