import { Hono } from 'hono'
import type { GatewayEnvironment } from '../middleware/environment.ts'
import { encodePrometheus, PROMETHEUS_TYPE } from '../telemetry/metrics/prometheus-text.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import { methodNotAllowed } from './method-not-allowed.ts'

/** `GET /metrics`: all metrics in Prometheus' text format. */
export function metrics(telemetry: Pick<Telemetry, 'collect'>): Hono<GatewayEnvironment> {
  return new Hono<GatewayEnvironment>()
    .get('/metrics', (c) => {
      const text = encodePrometheus(telemetry.collect())
      return c.body(text, 200, { 'content-type': PROMETHEUS_TYPE, 'cache-control': 'no-store' })
    })
    .all('/metrics', methodNotAllowed('GET'))
}
