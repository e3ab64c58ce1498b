/** Where telemetry is sent, and how often. */
export interface TelemetrySettings {
  /** `service.name` of spans and metrics. */
  serviceName: string
  /** Receiver of OTLP over HTTP; `/v1/traces` and `/v1/metrics` are added. */
  otlp: { endpoint: string; headers: Readonly<Record<string, string>> } | undefined
  /** OCI Application Performance Monitoring. */
  apm: { endpoint: string; dataKey: string } | undefined
  /** OCI Monitoring. */
  monitoring: MonitoringSettings | undefined
  /** Milliseconds between two exports of metrics. */
  metricsInterval: number
}

/** The custom namespace of OCI Monitoring to which metrics are written. */
export interface MonitoringSettings {
  namespace: string
  /** Default: the compartment of the requests. */
  compartmentId: string | undefined
  /** Base URL of the ingestion service. Default: derived from the region. */
  endpoint: string | undefined
}

/** Nothing is exported. */
export const DEFAULT_TELEMETRY: TelemetrySettings = {
  serviceName: 'oci-genai-gateway',
  otlp: undefined,
  apm: undefined,
  monitoring: undefined,
  metricsInterval: 60_000,
}

/** A receiver for one signal: the URL and the headers of each request. */
export interface SignalTarget {
  /** For the log and the metrics: `otlp` or `apm`. */
  name: string
  url: string
  headers: Readonly<Record<string, string>>
}

/** The receivers of spans. */
export function traceTargets({ otlp, apm }: TelemetrySettings): SignalTarget[] {
  return [
    ...(otlp
      ? [{ name: 'otlp', url: join(otlp.endpoint, 'v1/traces'), headers: otlp.headers }]
      : []),
    ...(apm
      ? [{
        name: 'apm',
        url: join(apm.endpoint, '20200101/opentelemetry/private/v1/traces'),
        headers: apmHeaders(apm.dataKey),
      }]
      : []),
  ]
}

/** The receivers of metrics. */
export function metricTargets({ otlp, apm }: TelemetrySettings): SignalTarget[] {
  return [
    ...(otlp
      ? [{ name: 'otlp', url: join(otlp.endpoint, 'v1/metrics'), headers: otlp.headers }]
      : []),
    ...(apm
      ? [{
        name: 'apm',
        url: join(apm.endpoint, '20200101/opentelemetry/v1/metrics'),
        headers: apmHeaders(apm.dataKey),
      }]
      : []),
  ]
}

/** The private data key of an APM domain authorizes traces and metrics. */
function apmHeaders(dataKey: string): Record<string, string> {
  return { authorization: `dataKey ${dataKey}` }
}

function join(base: string, path: string): string {
  return `${base.endsWith('/') ? base.slice(0, -1) : base}/${path}`
}
