import type { Telemetry } from '../telemetry/telemetry.ts'
import type { Around } from './lifecycle.ts'

/**
 * Continues the trace of the client, adds its id to the log line, and exports spans and metrics after
 * the request on runtimes that run only while there are requests.
 */
export function traceRequests(
  telemetry: Pick<Telemetry, 'startTrace' | 'exports' | 'flush'>,
): Around {
  return function traceRequests(c) {
    const trace = telemetry.startTrace({
      traceparent: c.req.header('traceparent'),
      tracestate: c.req.header('tracestate'),
    })
    c.set('trace', trace)
    if (trace) c.get('log')['traceId'] = trace.traceId
    if (telemetry.exports) {
      c.get('lifecycle').onEnd(() => c.env?.waitUntil?.(telemetry.flush()))
    }
  }
}
